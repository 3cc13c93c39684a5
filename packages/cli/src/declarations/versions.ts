import type { Command } from '@commander-js/extra-typings';
import { duration, wholeNumber, withConnection, withExamples, withJson } from './options.js';

/** `bclaw workflows`. */
export const workflowsCommand = (program: Command) =>
  withExamples(
    withJson(
      withConnection(
        program
          .command('workflows')
          .summary('list the workflows')
          .description(
            'Lists every workflow: which version is live since when, how many jobs run, and how many failed lately.',
          )
          .option('--failed-within <duration>', 'count the failed jobs that began within this (default: 7d)', duration)
          .option('--all', 'count the jobs of every version, not only of the newest 5 and the live one'),
      ),
    ),
    'bclaw workflows',
    'bclaw workflows --failed-within 1d --json',
  );

/** `bclaw versions`. */
export const versionsCommand = (program: Command) =>
  withExamples(
    withJson(
      withConnection(
        program
          .command('versions')
          .argument('<workflow>')
          .summary('list the versions of a workflow')
          .description(
            'Lists the newest 20 versions of a workflow, and the live one: which is live, and whether the others could be.',
          )
          .option('--all', 'list every version'),
      ),
    ),
    'bclaw versions my-workflow',
    'bclaw versions my-workflow --all --json',
  );

/** `bclaw history`. */
export const historyCommand = (program: Command) =>
  withExamples(
    withJson(
      withConnection(
        program
          .command('history')
          .argument('<workflow>')
          .summary('show which version was live when')
          .description(
            'Shows when versions were deployed and who moved the traffic, as far as AWS keeps it: events of the stack, versions ' +
              'of the launcher, and the note that bclaw leaves in the alias. Says what is not known.',
          ),
      ),
    ),
    'bclaw history my-workflow',
  );

/** `bclaw rollback`. */
export const rollbackCommand = (program: Command) =>
  withExamples(
    withJson(
      withConnection(
        program
          .command('rollback')
          .argument('<workflow>')
          .summary('send new jobs to an earlier version')
          .description(
            'Sends new jobs to an earlier version, after checking that it is complete. Running jobs are left alone.',
          )
          .option('--to <version>', 'default: the newest complete version before the live one', wholeNumber),
      ),
    ),
    'bclaw rollback my-workflow',
    'bclaw rollback my-workflow --to 1',
  );

/** `bclaw promote`. */
export const promoteCommand = (program: Command) =>
  withExamples(
    withJson(
      withConnection(
        program
          .command('promote')
          .argument('<workflow>')
          .summary('send new jobs to a given version')
          .description('Sends new jobs to a given version: a rollback, forward.')
          .requiredOption('--to <version>', 'the version', wholeNumber),
      ),
    ),
    'bclaw promote my-workflow --to 2',
  );

/** `bclaw prune`. */
export const pruneCommand = (program: Command) =>
  withExamples(
    withJson(
      withConnection(
        program
          .command('prune')
          .argument('<workflow>')
          .summary('delete old versions')
          .description(
            'Deletes state machines, job definitions and launcher versions of old versions. Never touches a version that is ' +
              'live, was deployed last, has running jobs, or could still be called by a running job. Of an unversioned workflow, ' +
              'deletes the job definitions of earlier deployments, when no job runs.',
          )
          .option('--keep <count>', 'keep so many of the newest (default: 3)', wholeNumber)
          .option('--older-than <duration>', 'only versions deployed longer ago than this, like 90d', duration)
          .option(
            '--all',
            'search all job definitions of the account for what was left by state machines deleted by hand',
          )
          .option('--dry-run', 'say what would be deleted, and delete nothing')
          .option('--yes', 'do not ask'),
      ),
    ),
    'bclaw prune my-workflow --dry-run',
    'bclaw prune my-workflow --keep 5 --older-than 90d --yes',
  );

/** `bclaw destroy`. */
export const destroyCommand = (program: Command) =>
  withExamples(
    withJson(
      withConnection(
        program
          .command('destroy')
          .argument('<workflow>')
          .summary('delete a workflow with all of its versions')
          .description(
            'Deletes the stack of a workflow and everything that the stack retains for older versions. Also clears up after a ' +
              'stack that is gone already. Job files and results stay. Can be interrupted and run again.',
          )
          .option('--stop-running', 'stop running jobs instead of refusing')
          .option('--dry-run', 'say what would be deleted, and delete nothing')
          .option('--yes', 'do not ask'),
      ),
    ),
    'bclaw destroy my-workflow --dry-run',
    'bclaw destroy my-workflow --yes',
  );
