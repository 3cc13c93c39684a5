import { paginateListExecutions, type ExecutionStatus as SdkExecutionStatus } from '@aws-sdk/client-sfn';
import { stateMachineName } from '@bclaw/spec/contract';
import { given } from '@bclaw/spec/given';
import { stateMachineArn } from '../aws/arn.js';
import type { Clients } from '../aws/clients.js';
import { isAwsError } from '../aws/explain-error.js';
import { inParallel } from '../aws/in-parallel.js';
import { listLaunchers, requireLauncher } from '../versions/launcher-function.js';
import { type Live, readLive, routedVersions } from '../versions/live.js';
import { machinesOf, type WorkflowMachine } from '../versions/workflow-machines.js';

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
  /** Read only so many of the newest versions of each workflow, and those that get new jobs. Default: all. */
  readonly newest?: number;
  /** Called with the number of versions that were not read, because `newest` was given. */
  readonly onNotRead?: (versions: number) => void;
}

/**
 * Lists the executions of one workflow or of all, newest first: one call for every version that is read, because Step
 * Functions lists the executions of one state machine only.
 *
 * @throws BclawError `no-such-workflow`
 *
 * @example
 * ```ts
 * const failed = await listExecutions(createClients(), { workflow: 'variant-calling', status: 'FAILED', newest: 20 });
 * ```
 */
export async function listExecutions(
  clients: Pick<Clients, 'lambda' | 'sfn'>,
  options: ExecutionsOptions,
): Promise<Execution[]> {
  const limit = options.limit ?? 50;
  const machines = await machinesToRead(clients, options);
  const lists = await inParallel(machines, (machine) =>
    readExecutions(clients, machine, {
      status: options.status,
      pageSize: Math.min(limit, 1000),
      enough: (found) => found.length >= limit,
    }),
  );
  return lists
    .flat()
    .sort((a, b) => b.startedAt.getTime() - a.startedAt.getTime())
    .slice(0, limit);
}

async function machinesToRead(
  clients: Pick<Clients, 'lambda' | 'sfn'>,
  { workflow, version, newest = Number.POSITIVE_INFINITY, onNotRead }: ExecutionsOptions,
): Promise<readonly ReadableMachine[]> {
  if (workflow !== undefined && version !== undefined) {
    const { scope } = await requireLauncher(clients, workflow);
    return [{ arn: stateMachineArn(scope, stateMachineName(workflow, version)), workflow, version }];
  }
  const live = workflow === undefined ? undefined : await readLive(clients, workflow);
  const workflows =
    workflow === undefined
      ? (await listLaunchers(clients)).map((launcher) => launcher.workflow)
      : [live === undefined ? (await requireLauncher(clients, workflow)).workflow : workflow];
  const all = await machinesOf(clients, new Set(workflows));
  const wanted = version === undefined ? all : all.filter((machine) => machine.version === version);
  const read = await newestMachines(
    clients,
    wanted,
    newest,
    workflow === undefined || live === undefined ? {} : { [workflow]: live },
  );
  if (read.length < wanted.length) onNotRead?.(wanted.length - read.length);
  return read;
}

/**
 * The newest versions of each workflow, and those that get new jobs.
 *
 * @param known what `live` routes to, of workflows for which it has been read
 */
export async function newestMachines(
  clients: Pick<Clients, 'lambda'>,
  machines: readonly WorkflowMachine[],
  newest: number,
  known: Readonly<Record<string, Live>> = {},
): Promise<WorkflowMachine[]> {
  const workflows = [...new Set(machines.map(({ workflow }) => workflow))];
  const chosen = await inParallel(workflows, async (workflow) => {
    const versions = machines.filter((machine) => machine.workflow === workflow);
    if (versions.length <= newest) return versions;
    const routed = routedVersions(known[workflow] ?? (await readLive(clients, workflow)));
    return versions
      .toSorted((a, b) => (b.version ?? 0) - (a.version ?? 0))
      .filter(({ version }, index) => index < newest || (version !== undefined && routed.includes(version)));
  });
  return chosen.flat();
}

/** A state machine whose executions are read. */
export type ReadableMachine = Pick<WorkflowMachine, 'arn' | 'workflow' | 'version'>;

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
  { arn, workflow, version }: ReadableMachine,
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
