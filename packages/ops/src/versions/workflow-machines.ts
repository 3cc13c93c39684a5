import { parseVersionedName } from '@bclaw/spec/contract';
import { given } from '@bclaw/spec/given';
import type { Clients } from '../aws/clients.js';
import { type ListedStateMachine, listStateMachines } from '../aws/state-machine.js';
import { listLaunchers } from './launcher-function.js';

/** A state machine that runs a workflow's jobs. */
export interface WorkflowMachine extends ListedStateMachine {
  readonly workflow: string;
  /** Absent in an unversioned workflow. */
  readonly version?: number;
}

/**
 * The state machines of some workflows, of all their versions.
 *
 * @param machines all that the account has, if they are known
 */
export async function machinesOf(
  clients: Pick<Clients, 'sfn'>,
  workflows: ReadonlySet<string>,
  machines?: readonly ListedStateMachine[],
): Promise<WorkflowMachine[]> {
  return parseNames(machines ?? (await listStateMachines(clients))).filter(({ workflow }) => workflows.has(workflow));
}

/** The state machines of all workflows: also those that a deleted stack left behind, which their names tell. */
export async function machinesOfAll(
  clients: Pick<Clients, 'lambda' | 'sfn'>,
  machines?: readonly ListedStateMachine[],
): Promise<WorkflowMachine[]> {
  const [all, launchers] = await Promise.all([machines ?? listStateMachines(clients), listLaunchers(clients)]);
  const deployed = new Set(launchers.map(({ workflow }) => workflow));
  return parseNames(all).filter(({ workflow, version }) => version !== undefined || deployed.has(workflow));
}

const parseNames = (machines: readonly ListedStateMachine[]): WorkflowMachine[] =>
  machines.map((machine) => {
    const { base: workflow, version } = parseVersionedName(machine.name);
    return { ...machine, workflow, ...given({ version }) };
  });
