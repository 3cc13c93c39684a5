import type { Command } from '@commander-js/extra-typings';
import {
  choice,
  choiceOfCapitals,
  price,
  timeOrDuration,
  wholeNumber,
  withConnection,
  withExamples,
  withJson,
} from './options.js';

/** Step Functions' states of an execution. */
const statuses = ['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED', 'PENDING_REDRIVE'] as const;

/** `bclaw submit`. */
export const submitCommand = (program: Command) =>
  withExamples(
    withJson(
      withConnection(
        program
          .command('submit')
          .argument('<workflow>')
          .argument('<job-file...>', 'JSON files, one job each')
          .summary('submit jobs')
          .description(
            'Submits jobs to the live version of a workflow, or to the version that --version names, and prints the names of ' +
              'their executions.',
          )
          .option('--folder <path>', "a folder in the launcher bucket below the workflow's")
          .option('--version <version>', 'run the jobs on this version, whatever is live', wholeNumber)
          .option('--watch', 'wait until the jobs end; exit code 1 when one fails'),
      ),
    ),
    'bclaw submit my-workflow sample-1.json sample-2.json',
    'bclaw submit my-workflow sample-1.json --watch',
    'bclaw submit my-workflow sample-1.json --version 3',
  );

/** `bclaw executions`. */
export const executionsCommand = (program: Command) =>
  withExamples(
    withJson(
      withConnection(
        program
          .command('executions')
          .argument('[workflow]', 'default: all workflows')
          .summary('list the jobs of a workflow, or of all')
          .description(
            'Lists the executions of a workflow, newest first: those of its newest 20 versions and of the live one. Without a ' +
              'workflow, those of every workflow: of the newest 5 versions and of the live one.',
          )
          .addOption(choiceOfCapitals('--status <status>', 'only in this state', statuses))
          .option('--version <version>', 'only of this version', wholeNumber)
          .option('--limit <count>', 'at most so many (default: 50)', wholeNumber)
          .option('--all', 'read every version'),
      ),
    ),
    'bclaw executions my-workflow --status FAILED',
    'bclaw executions --status RUNNING',
  );

/** `bclaw status`. */
export const statusCommand = (program: Command) =>
  withExamples(
    withJson(
      withConnection(
        program
          .command('status')
          .argument('<execution>', 'name or ARN')
          .summary('show how a job stands')
          .description(
            'Shows the steps of an execution; for a failed one why it failed, and what its job wrote last, be it in a branch of ' +
              'a scatter or in a subpipe.',
          )
          .option('--workflow <workflow>', "look for the name only among this workflow's executions")
          .option('--watch', 'show its steps until it ends; exit code 1 when it fails'),
      ),
    ),
    'bclaw status sample-1_AbCdEfGh',
    'bclaw status sample-1_AbCdEfGh --watch',
  );

/** `bclaw logs`. */
export const logsCommand = (program: Command) =>
  withExamples(
    withJson(
      withConnection(
        program
          .command('logs')
          .argument('<execution>', 'name or ARN')
          .summary("print what a job's commands wrote")
          .description("Prints the logs of an execution's jobs, step by step, with those of its branches and subpipes.")
          .option('--workflow <workflow>', "look for the name only among this workflow's executions")
          .option('--step <step>', "only this step's; of a scatter or a subpipe, all that it runs")
          .option('--branch <index>', 'only what runs in this branch of a scatter, like 00042')
          .option('--failed', 'only of steps that failed, in branches and subpipes too')
          .option('--since <time>', 'only lines since then: a duration like 30m, or a time', timeOrDuration)
          .option('--tail <count>', 'only so many of the lines written last, by time', wholeNumber)
          .option('--timestamps', 'begin each line with its time')
          .option('--follow', 'go on until the execution ends'),
      ),
    ),
    'bclaw logs sample-1_AbCdEfGh --step align --follow',
    'bclaw logs sample-1_AbCdEfGh --failed --tail 50 --timestamps',
    'bclaw logs sample-1_AbCdEfGh --branch 00042',
  );

/** `bclaw report`. */
export const reportCommand = (program: Command) =>
  withExamples(
    withConnection(
      program
        .command('report')
        .argument('<execution>', 'name or ARN')
        .summary('write what a job did and needed into a file')
        .description(
          'Writes a report of an execution: its steps, a timeline with the time for queue, image, inputs, commands and outputs, ' +
            'processor time and peak memory against what was asked for, bytes, exit codes, cost, the failure, and the job data. ' +
            'HTML is one page that needs no network; JSON and CSV have an entry for each attempt of a job.',
        )
        .addOption(choice('--format <format>', 'format of the report', ['html', 'json', 'csv']).default('html'))
        .option('-o, --out <file>', 'where it goes (default: <execution>.html; JSON and CSV are printed)')
        .option('--cpu-price <price>', 'price of a CPU for an hour, in any currency', price)
        .option('--memory-price <price>', 'price of a GiB of memory for an hour', price)
        .option('--workflow <workflow>', "look for the name only among this workflow's executions"),
    ),
    'bclaw report sample-1_AbCdEfGh',
    'bclaw report sample-1_AbCdEfGh --cpu-price 0.04 --memory-price 0.0045 --out report.html',
    'bclaw report sample-1_AbCdEfGh --format csv --out trace.csv',
  );

/** `bclaw redrive`. */
export const redriveCommand = (program: Command) =>
  withExamples(
    withJson(
      withConnection(
        program
          .command('redrive')
          .argument('<execution>', 'name or ARN')
          .summary('let a failed job go on from the step that failed')
          .description(
            'Lets a failed execution go on from the step that failed, on the version that it began on. What has succeeded is not ' +
              'run again.',
          )
          .option('--workflow <workflow>', "look for the name only among this workflow's executions")
          .option('--watch', 'show its steps until it ends; exit code 1 when it fails again'),
      ),
    ),
    'bclaw redrive sample-1_AbCdEfGh',
    'bclaw redrive sample-1_AbCdEfGh --watch',
  );

/** `bclaw stop`. */
export const stopCommand = (program: Command) =>
  withExamples(
    withJson(
      withConnection(
        program
          .command('stop')
          .argument('<execution>', 'name or ARN')
          .summary('stop a running job')
          .description(
            'Stops a running execution with its branches and subpipes, and waits until their jobs and containers have ended. ' +
              'It can go on later with redrive.',
          )
          .option('--cause <text>', 'the reason, which status shows')
          .option('--workflow <workflow>', "look for the name only among this workflow's executions")
          .option('--yes', 'do not ask'),
      ),
    ),
    'bclaw stop sample-1_AbCdEfGh',
    "bclaw stop sample-1_AbCdEfGh --cause 'wrong reference genome' --yes",
  );

/** `bclaw dead-letters`. */
export const deadLettersCommand = (program: Command) =>
  withExamples(
    withJson(
      withConnection(
        program
          .command('dead-letters')
          .argument('<workflow>')
          .summary('list job files that could not be launched')
          .description(
            'Lists the job files that could not be launched in three tries, from the dead-letter queue that all workflows ' +
              'share. Those that AWS throttles are not among them: they wait. With --redrive gives them to the live version once more; exit code 1 when one fails again.',
          )
          .option('--redrive', 'launch them'),
      ),
    ),
    'bclaw dead-letters my-workflow',
    'bclaw dead-letters my-workflow --redrive',
  );
