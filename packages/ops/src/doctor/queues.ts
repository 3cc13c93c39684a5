import {
  type ComputeEnvironmentDetail,
  DescribeComputeEnvironmentsCommand,
  DescribeJobQueuesCommand,
  type JobQueueDetail,
} from '@aws-sdk/client-batch';
import { noQueue } from '@bclaw/spec/contract';
import type { Clients } from '../aws/clients.js';
import type { InstalledCore } from '../deploy/core.js';
import { error, type Outcome, ok } from './finding.js';

const enable = (kind: 'job-queue' | 'compute-environment', name: string): string =>
  `Run \`aws batch update-${kind} --${kind} ${name} --state ENABLED\`.`;

/** The job queues of the core, and the compute environments behind them. */
export async function examineQueues(clients: Pick<Clients, 'batch'>, core: InstalledCore): Promise<Outcome[]> {
  const arns = Object.values(core.environment.queues).filter((arn) => arn !== noQueue);
  const { jobQueues = [] } = await clients.batch.send(new DescribeJobQueuesCommand({ jobQueues: arns }));
  const names = jobQueues.flatMap(({ computeEnvironmentOrder }) =>
    (computeEnvironmentOrder ?? []).flatMap(({ computeEnvironment }) => computeEnvironment ?? []),
  );
  const environments = await readEnvironments(clients, [...new Set(names)]);
  return arns.map((arn) => {
    const queue = jobQueues.find(({ jobQueueArn }) => jobQueueArn === arn);
    const name = arn.split('/').at(-1) ?? arn;
    return queueOutcome(core, name, queue, environments) ?? ok(`The queue ${name} takes jobs.`);
  });
}

async function readEnvironments(
  clients: Pick<Clients, 'batch'>,
  names: readonly string[],
): Promise<ReadonlyMap<string, ComputeEnvironmentDetail>> {
  // Without names, AWS Batch describes all of the account.
  if (names.length === 0) return new Map();
  const { computeEnvironments = [] } = await clients.batch.send(
    new DescribeComputeEnvironmentsCommand({ computeEnvironments: [...names] }),
  );
  return new Map(computeEnvironments.map((environment) => [environment.computeEnvironmentArn ?? '', environment]));
}

function queueOutcome(
  core: InstalledCore,
  name: string,
  queue: JobQueueDetail | undefined,
  environments: ReadonlyMap<string, ComputeEnvironmentDetail>,
): Outcome | undefined {
  if (queue === undefined)
    return error(`The queue ${name} is gone.`, `Run \`bclaw uninstall --core ${core.stack.name}\` and install again.`);
  if (queue.state !== 'ENABLED')
    return error(`The queue ${name} is ${queue.state}: Batch refuses its jobs.`, enable('job-queue', name));
  if (queue.status !== 'VALID')
    return error(
      `The queue ${name} is ${queue.status}: ${queue.statusReason ?? 'Batch gives no reason'}.`,
      'Mend what the reason names.',
    );
  for (const { computeEnvironment = '' } of queue.computeEnvironmentOrder ?? []) {
    const trouble = environmentOutcome(core, name, computeEnvironment, environments.get(computeEnvironment));
    if (trouble !== undefined) return trouble;
  }
  return undefined;
}

function environmentOutcome(
  core: InstalledCore,
  queue: string,
  arn: string,
  environment: ComputeEnvironmentDetail | undefined,
): Outcome | undefined {
  const name = environment?.computeEnvironmentName ?? arn;
  const wait = `so the jobs of the queue ${queue} stay RUNNABLE`;
  if (environment === undefined)
    return error(`The compute environment ${name} is gone, ${wait}.`, 'Give the queue another one.');
  if (environment.state !== 'ENABLED')
    return error(
      `The compute environment ${name} is ${environment.state}, ${wait}.`,
      enable('compute-environment', name),
    );
  if (environment.status !== 'VALID')
    return error(
      `The compute environment ${name} is ${environment.status}, ${wait}: ${environment.statusReason ?? 'Batch gives no reason'}.`,
      'Mend what the reason names: often a role, a subnet, a launch template or an instance type that the region lacks.',
    );
  if (environment.computeResources?.maxvCpus === 0)
    return error(
      `The compute environment ${name} may have no vCPUs, ${wait}.`,
      `Run \`bclaw install --core ${core.stack.name} -p MaxvCpus=256\`.`,
    );
  return undefined;
}
