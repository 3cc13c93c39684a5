import { diagnosticFormats, templateOrigins } from '@bclaw/spec';
import type { Command } from '@commander-js/extra-typings';
import { choice, repeated, withConnection, withExamples, withJson, withParameters } from './options.js';

/** `bclaw check`. */
export const checkCommand = (program: Command) =>
  withExamples(
    withParameters(
      program
        .command('check')
        .argument('<template...>', 'workflow templates, YAML or JSON')
        .summary('check templates for errors')
        .description('Reports everything that is wrong with workflow templates. Exit code 3 when there are errors.')
        .addOption(choice('--format <format>', 'format of the report', diagnosticFormats).default('text'))
        .addOption(
          choice(
            '--from <system>',
            'also report where a template of that system means something else here',
            templateOrigins,
          ),
        )
        .option('--job <file>', 'also check a job file against the templates', repeated)
        .option('--strict', 'warnings fail, too'),
    ),
    'bclaw check workflow.yaml',
    'bclaw check workflow.yaml --job sample-1.json',
    'bclaw check --from bayerclaw workflow.yaml',
    'bclaw check --format sarif *.yaml > bclaw.sarif',
  );

/** `bclaw compile`. */
export const compileCommand = (program: Command) =>
  withExamples(
    withConnection(
      withParameters(
        program
          .command('compile')
          .argument('<template>')
          .summary('print the CloudFormation template that a workflow becomes')
          .description('Prints the CloudFormation template, or the state machine, that a workflow compiles to.')
          .option('--definition', 'the state machine (Amazon States Language) instead')
          .option('--deployment-id <id>', 'an id for this deployment, different from all others', 'example-deployment'),
      ),
    ),
    'bclaw compile workflow.yaml --definition',
    'bclaw compile workflow.yaml --core bayerclaw2 -p ImageTag=1.4 > stack.json',
  );

/** `bclaw plan`. */
export const planCommand = (program: Command) =>
  withExamples(
    withJson(
      withConnection(
        withParameters(
          program
            .command('plan')
            .argument('<template>')
            .summary('show what deploying a template would change')
            .description(
              'Compares a template, step by step, with what is deployed: the state machine and the job definitions of the live ' +
                'version. Changes nothing. Exit code 0 whatever it finds; with --exit-code 4 when the template differs from what is live.',
            )
            .requiredOption('--name <workflow>', 'name of the workflow, and of its stack')
            .option('--exit-code', 'end with 4 when the template differs from what is live')
            .option('--force', 'plan a switch between versioned and unversioned, too'),
        ),
      ),
    ),
    'bclaw plan workflow.yaml --name my-workflow -p ImageTag=1.4',
    'bclaw plan workflow.yaml --name my-workflow --exit-code --json > plan.json',
  );

/** `bclaw deploy`. */
export const deployCommand = (program: Command) =>
  withExamples(
    withJson(
      withConnection(
        withParameters(
          program
            .command('deploy')
            .argument('<template>')
            .summary('make a template the live version of a workflow')
            .description(
              'Checks a template, deploys it with CloudFormation and sends new jobs to it. Running jobs stay on their version. ' +
                'Does nothing when the live version is the same.',
            )
            .requiredOption('--name <workflow>', 'name of the workflow, and of its stack')
            .option('--force', 'deploy although nothing changed; switch between versioned and unversioned'),
        ),
      ),
    ),
    'bclaw deploy workflow.yaml --name my-workflow -p ImageTag=1.4',
  );
