import type { Command } from '@commander-js/extra-typings';
import { defaultDirectory } from '../engine-file.js';
import {
  atLeastOne,
  choice,
  duration,
  memory,
  repeated,
  tcpPort,
  withConnection,
  withExamples,
  withJson,
  withParameters,
} from './options.js';

/** Default: containers if there is a container engine. BCLAW_EXECUTOR is for scripts and tests. */
const executorOption = (description: string) =>
  choice('--executor <kind>', `${description}; default: docker where a container engine answers`, [
    'process',
    'docker',
  ]).env('BCLAW_EXECUTOR');

/** Access control of an engine. */
const iamOption = () =>
  choice('--iam <mode>', 'refuse what the policies of roles and resources do not allow (default: enforce)', [
    'off',
    'report',
    'enforce',
  ]);

const directory = ['--directory <directory>', "the engine's directory", defaultDirectory] as const;
const engine = [
  '--directory <directory>',
  "the engine's directory (default: the one running in this folder or above)",
] as const;

/** `bclaw run`. */
export const runCommand = (program: Command) =>
  withExamples(
    withJson(
      withParameters(
        program
          .command('run')
          .argument('<template>')
          .summary('run one job on this machine')
          .description(
            'Deploys a template to the embedded engine (the running one, or one just for this), submits a job, shows its ' +
              'steps and copies its repository into a folder.',
          )
          .requiredOption('--job <file>', 'job file, JSON')
          .option('--put <file=s3-uri>', 'upload a file first; its bucket is created', repeated)
          .option('--out <folder>', 'where the outputs go', 'outputs')
          .option('--name <workflow>', "name of the workflow (default: the template's)")
          .addOption(executorOption('how commands run, in an engine just for this'))
          .addOption(iamOption()),
      ),
    ),
    'bclaw run workflow.yaml --job job.json --put genome.fa=s3://my-data/genome.fa',
  );

/** `bclaw local`. */
export const localCommand = (program: Command) =>
  program
    .command('local')
    .summary('run the embedded engine')
    .description('The embedded engine: the part of AWS that workflows use, on this machine.');

/** `bclaw local start`. */
export const localStartCommand = (local: Command) =>
  withExamples(
    withJson(
      local
        .command('start')
        .description('Starts the engine, with bclaw installed in it, until it is interrupted.')
        .option(...directory)
        .option('--port <port>', 'TCP port; 0 is any free one', tcpPort)
        .addOption(executorOption("how jobs' commands run"))
        .option('--cpus <n>', 'cpus that jobs may use together (default: all)', atLeastOne)
        .option('--memory <amount>', 'memory that jobs may use together, e.g. 16Gb (default: all)', memory)
        .addOption(
          choice('--rates <rates>', "refuse calls that come more often than AWS's default quotas allow", ['aws']),
        )
        .addOption(iamOption())
        .option('--durable', 'wait for the disk, so that what was recorded outlives a loss of power')
        .option('--recover', 'go on from what a damaged journal still holds')
        .option('--detach', 'in the background'),
    ),
    'bclaw local start --detach',
  );

/** `bclaw local stop`. */
export const localStopCommand = (local: Command) =>
  withExamples(
    local
      .command('stop')
      .description('Stops the engine. Its data stays.')
      .option(...directory),
    'bclaw local stop',
  );

/** `bclaw local status`. */
export const localStatusCommand = (local: Command) =>
  withExamples(
    withJson(
      local
        .command('status')
        .description('Reports whether the engine runs, and where. Exit code 1 when it does not.')
        .option(...directory),
    ),
    'bclaw local status --json',
  );

/** `bclaw local messages`. */
export const localMessagesCommand = (local: Command) =>
  withExamples(
    withJson(
      local
        .command('messages')
        .description('Shows what was published to SNS topics: the notifications that AWS would send by mail.')
        .option(...engine)
        .option('--topic <topic>', 'name or ARN of a topic (default: all)')
        .option('--follow', 'continue until interrupted'),
    ),
    'bclaw local messages',
    'bclaw local messages --topic bayerclaw2-notifications --follow --json',
  );

/** `bclaw local cp`. */
export const localCopyCommand = (local: Command) =>
  withExamples(
    local
      .command('cp')
      .argument('<from>')
      .argument('<to>')
      .description(
        "Copies a file into the engine's S3, whose bucket is created; or an object into a file, or what lies below a prefix " +
          'into a folder.',
      )
      .option(...engine),
    'bclaw local cp reads.fq s3://my-data/reads/sample-1.fq',
    'bclaw local cp s3://my-data/repo/sample-1/ outputs',
    'bclaw local cp s3://my-data/repo/sample-1/counts.txt counts.txt',
  );

/** `bclaw local ls`. */
export const localListCommand = (local: Command) =>
  withExamples(
    withJson(
      local
        .command('ls')
        .argument('<s3-uri>')
        .description("Lists objects of the engine's S3.")
        .option(...engine),
    ),
    'bclaw local ls s3://my-data/repo/',
  );

/** `bclaw local prune`. */
export const localPruneCommand = (local: Command) =>
  withExamples(
    withJson(
      local
        .command('prune')
        .description(
          'Deletes executions that ended long ago, with their histories. The engine keeps ended executions for 90 days, as AWS does.',
        )
        .option(...engine)
        .option('--older-than <duration>', 'only executions that ended longer ago than this (default: 30d)', duration)
        .option('--dry-run', 'report what would be deleted'),
    ),
    'bclaw local prune --dry-run',
    'bclaw local prune --older-than 7d',
  );

/** `bclaw local reset`. */
export const localResetCommand = (local: Command) =>
  withExamples(
    local
      .command('reset')
      .description('Stops the engine and deletes all its data.')
      .option(...directory)
      .option('--yes', 'do not ask'),
    'bclaw local reset --yes',
  );

/** `bclaw demo`. */
export const demoCommand = (program: Command) =>
  withExamples(
    program
      .command('demo')
      .summary('see a workflow deployed, replaced while it runs, rolled back and cleaned up')
      .description(
        'Walks through the blue/green story on an embedded engine with a real genome, and checks every claim that it makes.',
      )
      .option('--keep', 'leave the directory with everything in it')
      .addOption(iamOption()),
    'bclaw demo',
  );

/** `bclaw install`. */
export const installCommand = (program: Command) =>
  withExamples(
    withJson(
      withConnection(
        withParameters(
          program
            .command('install')
            .summary('install bclaw in an AWS account')
            .description('Installs the core stack in an AWS account and region, or brings it up to date.')
            .option('--subnets <ids>', 'subnets for the jobs, with commas between them (an update keeps them)')
            .option('--security-groups <ids>', 'security groups for the jobs, with commas between them')
            .option('--runner-image <image>', "the runner's image, in a registry that the account can pull from")
            .addOption(
              choice('--print [template]', 'print a template instead of deploying the core stack: its own by default', [
                'core',
                'queue',
                'task-role',
              ]).preset('core'),
            ),
        ),
      ),
    ),
    'bclaw install --subnets subnet-1,subnet-2 --security-groups sg-1 --runner-image public.ecr.aws/…/bclaw-runner:1.0',
    'bclaw install --print',
    'bclaw install --print queue',
  );

/** `bclaw doctor`. */
export const doctorCommand = (program: Command) =>
  withExamples(
    withJson(
      withConnection(
        program
          .command('doctor')
          .summary('find out what is wrong with an installation')
          .description(
            'Examines credentials, quotas, the core stack with its bucket, macro, queues and runner image, and the workflows, and ' +
              'says what to do about each problem. Changes nothing. Exit code 1 when something does not work.',
          ),
      ),
    ),
    'bclaw doctor',
    'bclaw doctor --profile my-account --json',
  );

/** `bclaw uninstall`. */
export const uninstallCommand = (program: Command) =>
  withExamples(
    withConnection(
      program
        .command('uninstall')
        .summary('remove bclaw from an AWS account')
        .description('Deletes the core stack. The buckets stay, with what is in them.')
        .option('--yes', 'do not ask'),
    ),
    'bclaw uninstall --profile my-account',
  );
