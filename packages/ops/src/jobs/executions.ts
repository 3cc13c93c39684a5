import { paginateListExecutions, type ExecutionStatus as SdkExecutionStatus } from '@aws-sdk/client-sfn';
import { parseVersionedName, stateMachineName } from '@bclaw/spec/contract';
import { given } from '@bclaw/spec/given';
import { stateMachineArn } from '../aws/arn.js';
import type { Clients } from '../aws/clients.js';
import { isAwsError } from '../aws/explain-error.js';
import { inParallel } from '../aws/in-parallel.js';
import { listStateMachines } from '../aws/state-machine.js';
import { requireLauncher } from '../versions/launcher-function.js';

/** Status of an execution. */
export type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED' | 'PENDING_REDRIVE';

export const executionStatuses = [
  'RUNNING',
  'SUCCEEDED',
  'FAILED',
  'TIMED_OUT',
  'ABORTED',
  'PENDING_REDRIVE',
] as const satisfies readonly (ExecutionStatus & SdkExecutionStatus)[];

/** A list entry of a job's execution. */
export interface Execution {
  readonly name: string;
  readonly arn: string;
  /** Absent in an unversioned workflow. */
  readonly version?: number;
  readonly status: ExecutionStatus;
  readonly startedAt: Date;
  readonly stoppedAt?: Date;
}

export interface ExecutionsOptions {
  readonly workflow: string;
  /** Only executions in this state. */
  readonly status?: ExecutionStatus;
  /** Only executions of this version. */
  readonly version?: number;
  /** Maximum number of executions, newest first. Default 50. */
  readonly limit?: number;
}

/**
 * Lists a workflow's executions over all of its versions, newest first.
 *
 * @throws BclawError `no-such-workflow`
 *
 * @example
 * ```ts
 * const failed = await listExecutions(createClients(), { workflow: 'variant-calling', status: 'FAILED' });
 * ```
 */
export async function listExecutions(
  clients: Pick<Clients, 'lambda' | 'sfn'>,
  options: ExecutionsOptions,
): Promise<Execution[]> {
  const limit = options.limit ?? 50;
  const launcher = await requireLauncher(clients, options.workflow);
  const machines = await machinesOf(clients, options, (version) =>
    stateMachineArn(launcher.scope, stateMachineName(launcher.workflow, version)),
  );
  const lists = await inParallel(machines, ({ arn, version }) => newest(clients, arn, version, options.status, limit));
  return lists
    .flat()
    .sort((a, b) => b.startedAt.getTime() - a.startedAt.getTime())
    .slice(0, limit);
}

async function machinesOf(
  clients: Pick<Clients, 'sfn'>,
  { workflow, version }: ExecutionsOptions,
  arnOf: (version: number) => string,
): Promise<{ arn: string; version?: number }[]> {
  if (version !== undefined) return [{ arn: arnOf(version), version }];
  const machines = await listStateMachines(clients);
  return machines.flatMap(({ name, arn }) => {
    const { base, version: number } = parseVersionedName(name);
    if (base !== workflow) return [];
    return [{ arn, ...given({ version: number }) }];
  });
}

async function newest(
  clients: Pick<Clients, 'sfn'>,
  stateMachine: string,
  version: number | undefined,
  statusFilter: ExecutionStatus | undefined,
  limit: number,
): Promise<Execution[]> {
  const found: Execution[] = [];
  try {
    const pages = paginateListExecutions(
      { client: clients.sfn, pageSize: Math.min(limit, 1000) },
      { stateMachineArn: stateMachine, statusFilter },
    );
    for await (const page of pages) {
      for (const { executionArn, name, status, startDate, stopDate } of page.executions ?? []) {
        if (executionArn === undefined || name === undefined || status === undefined) continue;
        found.push({
          name,
          arn: executionArn,
          ...given({ version }),
          status,
          startedAt: startDate ?? new Date(0),
          ...given({ stoppedAt: stopDate }),
        });
      }
      if (found.length >= limit) break;
    }
  } catch (error) {
    if (!isAwsError(error, 'StateMachineDoesNotExist')) throw error;
  }
  return found.slice(0, limit);
}
