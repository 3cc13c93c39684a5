import type { Command } from 'commander';
import type { Terminal } from '../terminal.js';
import { choiceOfCapitals, wholeNumber, withConnection, withExamples, withJson } from './options.js';

/** Step Functions' states of an execution. */
const statuses = ['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED', 'PENDING_REDRIVE'];

/** `submit`, `executions`, `status`, `logs`, `redrive`, `dead-letters`. */
export function declareJobCommands(program: Command, terminal: Terminal): void {
  const submit = program
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
    .option('--watch', 'wait until the jobs end; exit code 1 when one fails');
  withExamples(
    withJson(withConnection(submit)),
    'bclaw submit my-workflow sample-1.json sample-2.json',
    'bclaw submit my-workflow sample-1.json --watch',
    'bclaw submit my-workflow sample-1.json --version 3',
  );
  submit.action(async (workflow, files, options) =>
    (await import('../commands/submit.js')).submit(workflow, files, options, terminal),
  );

  const executions = program
    .command('executions')
    .argument('<workflow>')
    .summary('list the jobs of a workflow')
    .description('Lists the executions of a workflow over all of its versions, newest first.')
    .addOption(choiceOfCapitals('--status <status>', 'only in this state', statuses))
    .option('--version <version>', 'only of this version', wholeNumber)
    .option('--limit <count>', 'at most so many (default: 50)', wholeNumber);
  withExamples(withJson(withConnection(executions)), 'bclaw executions my-workflow --status FAILED');
  executions.action(async (workflow, options) =>
    (await import('../commands/executions.js')).executions(workflow, options, terminal),
  );

  const status = program
    .command('status')
    .argument('<execution>', 'name or ARN')
    .summary('show how a job stands')
    .description(
      'Shows the steps of an execution; for a failed one why it failed, and what its job wrote last, be it in a branch of ' +
        'a scatter or in a subpipe.',
    )
    .option('--workflow <workflow>', "look for the name only among this workflow's executions");
  withExamples(withJson(withConnection(status)), 'bclaw status sample-1_AbCdEfGh');
  status.action(async (execution, options) =>
    (await import('../commands/status.js')).status(execution, options, terminal),
  );

  const logs = program
    .command('logs')
    .argument('<execution>', 'name or ARN')
    .summary("print what a job's commands wrote")
    .description("Prints the logs of an execution's jobs, step by step, with those of its branches and subpipes.")
    .option('--workflow <workflow>', "look for the name only among this workflow's executions")
    .option('--step <step>', "only this step's; of a scatter or a subpipe, all that it runs")
    .option('--follow', 'go on until the execution ends');
  withExamples(withJson(withConnection(logs)), 'bclaw logs sample-1_AbCdEfGh --step align --follow');
  logs.action(async (execution, options) => (await import('../commands/logs.js')).logs(execution, options, terminal));

  const redrive = program
    .command('redrive')
    .argument('<execution>', 'name or ARN')
    .summary('let a failed job go on from the step that failed')
    .description(
      'Lets a failed execution go on from the step that failed, on the version that it began on. What has succeeded is not ' +
        'run again.',
    )
    .option('--workflow <workflow>', "look for the name only among this workflow's executions");
  withExamples(withJson(withConnection(redrive)), 'bclaw redrive sample-1_AbCdEfGh');
  redrive.action(async (execution, options) =>
    (await import('../commands/redrive.js')).redrive(execution, options, terminal),
  );

  const deadLetters = program
    .command('dead-letters')
    .argument('<workflow>')
    .summary('list job files that could not be launched')
    .description(
      'Lists the job files that could not be launched, however often Lambda tried, from the dead-letter queue that all ' +
        'workflows share. With --redrive gives them to the live version once more; exit code 1 when one fails again.',
    )
    .option('--redrive', 'launch them');
  withExamples(
    withJson(withConnection(deadLetters)),
    'bclaw dead-letters my-workflow',
    'bclaw dead-letters my-workflow --redrive',
  );
  deadLetters.action(async (workflow, options) =>
    (await import('../commands/dead-letters.js')).deadLetters(workflow, options, terminal),
  );
}
