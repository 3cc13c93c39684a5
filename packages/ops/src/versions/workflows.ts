import { given } from '@bclaw/spec/given';
import type { Clients } from '../aws/clients.js';
import { inParallel } from '../aws/in-parallel.js';
import { listRunning } from '../aws/state-machine.js';
import { newestMachines, type ReadableMachine, readExecutions } from '../jobs/executions.js';
import { type Launcher, listLaunchers, readDeploymentTime } from './launcher-function.js';
import { type Live, readLive } from './live.js';
import { machinesOf, type WorkflowMachine } from './workflow-machines.js';

/** A deployed workflow. */
export interface WorkflowSummary {
  readonly workflow: string;
  readonly versioned: boolean;
  /** The target of new jobs, with its weights; absent in an unversioned workflow and when the alias is missing. */
  readonly live?: Live;
  /** When the live version was deployed, of an unversioned workflow the only one. */
  readonly deployedAt?: Date;
  /** Number of running executions, over the versions that were read. */
  readonly running: number;
  /** Number of executions that failed or timed out, of those that started within the period. */
  readonly failed: number;
  /** Number of older versions whose executions were not counted, because `newest` was given. */
  readonly notRead: number;
}

export interface WorkflowsOptions {
  /** The period in which failed executions are counted, in milliseconds. Default: seven days. */
  readonly failedWithinMs?: number;
  /** Count only the executions of so many of the newest versions, and of those that get new jobs. Default: all. */
  readonly newest?: number;
}

/** The default of {@link WorkflowsOptions.failedWithinMs}. */
export const defaultFailedWithinMs = 7 * 24 * 60 * 60 * 1_000;

/**
 * Lists every workflow in the account and region: which version is live since when, how many jobs run, and how many
 * failed lately.
 *
 * @returns by name
 *
 * @example
 * ```ts
 * for (const { workflow, live, running } of await listWorkflows(createClients())) console.log(workflow, live?.version, running);
 * ```
 */
export async function listWorkflows(
  clients: Pick<Clients, 'lambda' | 'sfn'>,
  options: WorkflowsOptions = {},
): Promise<WorkflowSummary[]> {
  const since = Date.now() - (options.failedWithinMs ?? defaultFailedWithinMs);
  const launchers = await listLaunchers(clients);
  const machines = await machinesOf(clients, new Set(launchers.map(({ workflow }) => workflow)));
  return await inParallel(launchers, (launcher) =>
    summaryOf(
      clients,
      launcher,
      machines.filter(({ workflow }) => workflow === launcher.workflow),
      since,
      options.newest ?? Number.POSITIVE_INFINITY,
    ),
  );
}

async function summaryOf(
  clients: Pick<Clients, 'lambda' | 'sfn'>,
  launcher: Launcher,
  all: readonly WorkflowMachine[],
  since: number,
  newest: number,
): Promise<WorkflowSummary> {
  const { workflow, versioned } = launcher;
  const live = versioned ? await readLive(clients, workflow) : undefined;
  const machines = await newestMachines(clients, all, newest, live === undefined ? {} : { [workflow]: live });
  const [deployedAt, running, failed] = await Promise.all([
    readDeploymentTime(clients, launcher, live?.version),
    inParallel(machines, ({ arn }) => listRunning(clients, arn)),
    inParallel(machines, (machine) => countFailed(clients, machine, since)),
  ]);
  return {
    workflow,
    versioned,
    ...given({ live, deployedAt }),
    running: running.flat().length,
    failed: failed.reduce((sum, count) => sum + count, 0),
    notRead: all.length - machines.length,
  };
}

async function countFailed(clients: Pick<Clients, 'sfn'>, machine: ReadableMachine, since: number): Promise<number> {
  const lists = await inParallel(['FAILED', 'TIMED_OUT'] as const, (status) =>
    readExecutions(clients, machine, {
      status,
      // The newest come first.
      enough: (found) => (found.at(-1)?.startedAt.getTime() ?? 0) < since,
    }),
  );
  return lists.flat().filter(({ startedAt }) => startedAt.getTime() >= since).length;
}
