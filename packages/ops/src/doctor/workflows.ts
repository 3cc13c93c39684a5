import { ListEventSourceMappingsCommand } from '@aws-sdk/client-lambda';
import { GetQueueUrlCommand } from '@aws-sdk/client-sqs';
import { liveAliasName } from '@bclaw/spec/contract';
import type { Clients } from '../aws/clients.js';
import { inParallel } from '../aws/in-parallel.js';
import { countMessages } from '../aws/queue.js';
import type { InstalledCore } from '../deploy/core.js';
import { incompleteBecause, readHealth } from '../versions/health.js';
import { type Launcher, listLauncherVersions } from '../versions/launcher-function.js';
import { readLive, routedVersions } from '../versions/live.js';
import { error, type Outcome, ok, warning } from './finding.js';

/** Versions that a rollback would try first. */
const examinedVersions = 5;

/** Workflows whose live version, or whose newest versions, can't run jobs. */
export async function examineWorkflows(
  clients: Pick<Clients, 'batch' | 'lambda' | 'sfn'>,
  launchers: readonly Launcher[],
): Promise<Outcome[]> {
  const versioned = launchers.filter((launcher) => launcher.versioned);
  const troubles = (await inParallel(versioned, (launcher) => examineWorkflow(clients, launcher))).flat();
  if (troubles.length > 0) return troubles;
  const count = `${launchers.length} workflow${launchers.length === 1 ? ' is' : 's are'} deployed`;
  return [
    ok(versioned.length === 0 ? `${count}.` : `${count}; what is live can run, and the versions before it, too.`),
  ];
}

async function examineWorkflow(
  clients: Pick<Clients, 'batch' | 'lambda' | 'sfn'>,
  launcher: Launcher,
): Promise<Outcome[]> {
  const { workflow } = launcher;
  const [live, published] = await Promise.all([readLive(clients, workflow), listLauncherVersions(clients, launcher)]);
  if (live === undefined)
    return [
      error(
        `The launcher of "${workflow}" has no alias "${liveAliasName}", so no job file starts a job.`,
        `Deploy it again: \`bclaw deploy <template> --name ${workflow}\`.`,
      ),
    ];
  const routed = routedVersions(live);
  const newest = published.slice(-examinedVersions).map(({ version }) => version);
  const health = await readHealth(clients, launcher, [...new Set([...routed, ...newest])]);
  return health.flatMap(({ version, health: state }) => {
    const why = incompleteBecause(state);
    if (why === undefined) return [];
    return routed.includes(version)
      ? error(
          `Version ${version} of "${workflow}" is live and can't run: ${why}.`,
          `Send the jobs to another one with \`bclaw rollback ${workflow}\`, or deploy its template again.`,
        )
      : warning(
          `Version ${version} of "${workflow}" can't run any more: ${why}.`,
          `A rollback passes over it; \`bclaw prune ${workflow}\` deletes what is left of it.`,
        );
  });
}

/** The queues in which job files wait, and whether Lambda reads them. */
export async function examineLaunches(
  clients: Pick<Clients, 'lambda'>,
  launchers: readonly Launcher[],
): Promise<Outcome[]> {
  const queued = launchers.filter(({ hasQueue }) => hasQueue);
  const troubles = await inParallel(queued, async ({ workflow, functionName }) => {
    const { EventSourceMappings = [] } = await clients.lambda.send(
      new ListEventSourceMappingsCommand({ FunctionName: `${functionName}:${liveAliasName}` }),
    );
    const [mapping] = EventSourceMappings;
    if (mapping === undefined)
      return [
        error(
          `Nothing reads the launch queue of "${workflow}": its job files wait.`,
          `Deploy it again with --force: \`bclaw deploy <template> --name ${workflow} --force\`.`,
        ),
      ];
    if (mapping.State === undefined || !/^Disabl/.test(mapping.State)) return [];
    return [
      error(
        `The launch queue of "${workflow}" is not read (${mapping.State}): its job files wait.`,
        `Run \`aws lambda update-event-source-mapping --uuid ${mapping.UUID} --enabled\`.`,
      ),
    ];
  });
  const found = troubles.flat();
  return found.length > 0 ? found : [ok('The launch queues of all workflows are read.')];
}

/** Job files that could not be launched. */
export async function examineDeadLetters(clients: Pick<Clients, 'sqs'>, core: InstalledCore): Promise<Outcome[]> {
  const QueueName = core.environment.deadLetterQueueArn.split(':').at(-1);
  const { QueueUrl = '' } = await clients.sqs.send(new GetQueueUrlCommand({ QueueName }));
  const count = await countMessages(clients, QueueUrl);
  if (count === 0) return [ok('There are no dead letters.')];
  return [
    warning(
      `${count === 1 ? 'A job file' : `${count} job files`} could not be launched.`,
      '`bclaw dead-letters <workflow>` lists them with their reasons; they are kept for 14 days.',
    ),
  ];
}
