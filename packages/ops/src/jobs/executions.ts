import { paginateListExecutions, type ExecutionStatus as SdkExecutionStatus } from '@aws-sdk/client-sfn';
import { parseVersionedName, stateMachineName } from '@bclaw/spec/contract';
import { given } from '@bclaw/spec/given';
import { stateMachineArn } from '../aws/arn.js';
import type { Clients } from '../aws/clients.js';
import { isAwsError } from '../aws/explain-error.js';
import { inParallel } from '../aws/in-parallel.js';
import { listStateMachines } from '../aws/state-machine.js';
import { listLaunchers, requireLauncher } from '../versions/launcher-function.js';

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
  readonly workflow: string;
  readonly name: string;
  readonly arn: string;
  /** Absent in an unversioned workflow. */
  readonly version?: number;
  readonly status: ExecutionStatus;
  readonly startedAt: Date;
  readonly stoppedAt?: Date;
}

export interface ExecutionsOptions {
  /** Default: all workflows. */
  readonly workflow?: string;
  /** Only executions in this state. */
  readonly status?: ExecutionStatus;
  /** Only executions of this version. */
  readonly version?: number;
  /** Maximum number of executions, newest first. Default 50. */
  readonly limit?: number;
}

/**
 * Lists the executions of one workflow or of all, over all of their versions, newest first.
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
  const { workflow, version, status } = options;
  const launchers = workflow === undefined ? await listLaunchers(clients) : [await requireLauncher(clients, workflow)];
  const machines: readonly WorkflowMachine[] =
    version === undefined
      ? await machinesOf(clients, new Set(launchers.map((launcher) => launcher.workflow)))
      : launchers.map((launcher) => ({
          arn: stateMachineArn(launcher.scope, stateMachineName(launcher.workflow, version)),
          workflow: launcher.workflow,
          version,
        }));
  const lists = await inParallel(machines, (machine) =>
    readExecutions(clients, machine, {
      status,
      pageSize: Math.min(limit, 1000),
      enough: (found) => found.length >= limit,
    }),
  );
  return lists
    .flat()
    .sort((a, b) => b.startedAt.getTime() - a.startedAt.getTime())
    .slice(0, limit);
}

/** A state machine that runs a workflow's jobs. */
export interface WorkflowMachine {
  readonly arn: string;
  readonly workflow: string;
  readonly version?: number;
}

/** The state machines of workflows, of all versions. */
export async function machinesOf(
  clients: Pick<Clients, 'sfn'>,
  workflows: ReadonlySet<string>,
): Promise<WorkflowMachine[]> {
  const machines = await listStateMachines(clients);
  return machines.flatMap(({ name, arn }) => {
    const { base: workflow, version } = parseVersionedName(name);
    return workflows.has(workflow) ? [{ arn, workflow, ...given({ version }) }] : [];
  });
}

export interface ReadExecutionsOptions {
  readonly status: ExecutionStatus | undefined;
  /** Number of executions in one request. Default: 1,000, AWS's maximum. */
  readonly pageSize?: number;
  /** Called after each page; `true` ends the reading. */
  readonly enough: (found: readonly Execution[]) => boolean;
}

/**
 * The executions of a state machine, newest first; none when it does not exist.
 */
export async function readExecutions(
  clients: Pick<Clients, 'sfn'>,
  { arn, workflow, version }: WorkflowMachine,
  { status: statusFilter, pageSize = 1000, enough }: ReadExecutionsOptions,
): Promise<Execution[]> {
  const found: Execution[] = [];
  try {
    const pages = paginateListExecutions({ client: clients.sfn, pageSize }, { stateMachineArn: arn, statusFilter });
    for await (const page of pages) {
      for (const { executionArn, name, status, startDate, stopDate } of page.executions ?? []) {
        if (executionArn === undefined || name === undefined || status === undefined) continue;
        found.push({
          workflow,
          name,
          arn: executionArn,
          ...given({ version }),
          status,
          startedAt: startDate ?? new Date(0),
          ...given({ stoppedAt: stopDate }),
        });
      }
      if (enough(found)) break;
    }
  } catch (error) {
    if (!isAwsError(error, 'StateMachineDoesNotExist')) throw error;
  }
  return found;
}
