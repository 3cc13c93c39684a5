import { BclawError } from '@bclaw/spec';
import type { Clients } from '../aws/clients.js';
import { listStateMachines, listWorkflowMachines } from '../aws/state-machine.js';

/**
 * Rejects a first deployment when resources of an earlier stack with the same name still exist: Lambda's version
 * numbers start again at 1, so the new versions would collide with the state machines of the old ones.
 *
 * @throws BclawError `orphans`
 */
export async function refuseOrphans(clients: Pick<Clients, 'sfn'>, workflow: string): Promise<void> {
  const machines = await listWorkflowMachines(clients, workflow, await listStateMachines(clients));
  if (machines.length === 0) return;
  const names = machines.map(({ name }) => name).join(', ');
  throw new BclawError(
    'orphans',
    `An earlier "${workflow}" was deleted without its older versions: ${names} are left.`,
    {
      hint: `Nothing was changed. Clear up with \`bclaw destroy ${workflow}\`, then deploy again.`,
    },
  );
}
