import type { PictureFormat } from '@bclaw/graph';
import type { Command } from '@commander-js/extra-typings';
import { choice, withExamples, withJson, withParameters } from './options.js';

/** Duplicated here, because loading the graph package for its list would slow every command. */
const pictureFormats = ['svg', 'mermaid', 'html'] as const satisfies readonly PictureFormat[];

/** `bclaw init`. */
export const initCommand = (program: Command) =>
  withExamples(
    withJson(
      program
        .command('init')
        .argument('[folder]', 'created if it does not exist', '.')
        .summary('start a workflow from a working example')
        .description(
          'Writes a workflow with comments, a job file, and the schema that lets an editor complete and check templates. ' +
            'Overwrites nothing.',
        ),
    ),
    'bclaw init my-workflow',
  );

/** `bclaw graph`. */
export const graphCommand = (program: Command) =>
  withExamples(
    withParameters(
      program
        .command('graph')
        .argument('<template>')
        .summary('draw a workflow')
        .description(
          'Draws a workflow: its steps by kind, the conditions of choosers, scatters and parallel branches as boxes. ' +
            'Exit code 3 when the template has errors.',
        )
        .addOption(
          choice('--format <format>', 'a picture, text for Markdown, or a page with details', pictureFormats).default(
            'svg',
          ),
        )
        .option('-o, --output <file>', 'write a file instead of printing')
        .option('--title <text>', "above the picture (default: the workflow's name)"),
    ),
    'bclaw graph workflow.yaml -o workflow.svg',
    'bclaw graph workflow.yaml --format html -o workflow.html',
    'bclaw graph workflow.yaml --format mermaid',
  );
