import type { Clients } from '../aws/clients.js';
import type { Deployed } from '../deploy/deployment.js';
import { type Launcher, readLive } from './launcher-function.js';
import { parseMove } from './live-move.js';
import { moveLive } from './move-live.js';

/**
 * Puts `live` back to where it was before a deployment that failed. CloudFormation undoes its own change of the alias by going
 * back to the version that it deployed last, which may be the very one that somebody has rolled back from.
 *
 * @param startedAt of the deployment: a rollback by bclaw since then is left alone
 */
export async function restoreLive(
  clients: Pick<Clients, 'lambda'>,
  { launcher, live: before, newestVersion }: Deployed,
  startedAt: Date,
): Promise<void> {
  if (before === undefined || newestVersion === undefined || before.version === newestVersion) return;
  const now = await readLive(clients, launcher);
  if (now?.version !== newestVersion) return;
  const move = parseMove(now.description);
  if (move !== undefined && move.at >= startedAt) return;
  await moveLive(clients, {
    workflow: launcher.workflow,
    version: before.version,
    ...(before.other === undefined ? {} : { other: before.other }),
    revisionId: now.revisionId,
    description: before.description,
  });
}

/** A new version gets all the jobs; CloudFormation leaves weights on the alias that its template does not speak of. */
export async function clearWeights(clients: Pick<Clients, 'lambda'>, launcher: Launcher): Promise<void> {
  const live = await readLive(clients, launcher);
  if (live?.other === undefined) return;
  await moveLive(clients, { workflow: launcher.workflow, version: live.version, revisionId: live.revisionId });
}
