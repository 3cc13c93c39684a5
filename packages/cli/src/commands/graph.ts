import { writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { draw } from '@bclaw/graph';
import { parse } from '@bclaw/spec';
import type { graphCommand } from '../declarations/authoring.js';
import type { OptionsOf } from '../declarations/options.js';
import { Exit, exitCode, UsageError } from '../failure.js';
import { diagnosticsText, readTemplate } from '../templates.js';
import type { Terminal } from '../terminal.js';
import { workflowNameFor } from '../workflow-name.js';

type GraphOptions = OptionsOf<typeof graphCommand>;

/** `bclaw graph`: the workflow as a picture; exit code 3 when the template has errors. */
export async function graph(file: string, options: GraphOptions, terminal: Terminal): Promise<void> {
  const text = await readTemplate(file);
  const result = parse(text, { file, parameters: options.parameter ?? {} });
  const told = diagnosticsText([result], terminal.noteStyle);
  if (told !== '') terminal.note(told);
  if (result.workflow === undefined) throw new Exit(exitCode.diagnostics);

  const title = options.title ?? workflowNameFor(file);
  const picture = draw(result.workflow, { format: options.format, title });
  if (options.output === undefined) {
    terminal.data(picture.trimEnd());
    return;
  }
  await write(options.output, picture);
  terminal.note(`wrote ${options.output}`);
}

async function write(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      throw new UsageError(`There is no folder ${dirname(path)}.`);
    throw error;
  }
}
