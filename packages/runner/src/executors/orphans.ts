import type Docker from 'dockerode';
import type { RunnerLog } from '../log.js';
import { answerWithin } from './engine-answer.js';
import { engineMessage, statusOf } from './engine-error.js';
import { fateOf, jobLabel, ownerLabel } from './owner.js';

/**
 * A live runner starts its container at once and removes it as soon as it ends; an idle container older than this has
 * lost its runner. For runners whose state cannot be checked.
 */
const orphanedAfterMs = 10 * 60 * 1000;

/** Timeout for a busy engine; this job does not wait longer for it. */
const patienceMs = 10_000;

/**
 * Stops and removes containers whose runner is gone, and containers that are idle although their runner would have
 * started or removed them long ago. They belong to other jobs, so a failure only becomes a line in the log.
 */
export async function removeOrphans(docker: Docker, log: RunnerLog, now = Date.now()): Promise<void> {
  const lookAfterAll = async () => {
    for (const { Id: id, Labels: labels } of await docker.listContainers({ all: true, filters: { label: [jobLabel] } }))
      await removeIfOrphaned(docker, { id, owner: labels?.[ownerLabel] }, { log, now });
  };
  try {
    await answerWithin(patienceMs, lookAfterAll());
  } catch (error) {
    log.info(`Containers of earlier jobs could not be looked for: ${engineMessage(error)}.`, { stage: 'image' });
  }
}

async function removeIfOrphaned(
  docker: Docker,
  { id, owner }: { readonly id: string; readonly owner: string | undefined },
  { log, now }: { readonly log: RunnerLog; readonly now: number },
): Promise<void> {
  const container = docker.getContainer(id);
  try {
    const fate = await fateOf(docker, owner);
    if (fate === 'alive') return;
    if (fate === 'gone') {
      await container.remove({ force: true, v: true });
      log.info('Ended a container whose runner is gone.', { stage: 'image', container: id });
      return;
    }
    const idleSince = idleSinceOf(await container.inspect());
    // Without force: if it is started at this moment, the engine refuses.
    if (idleSince !== undefined && idleSince < now - orphanedAfterMs) await container.remove({ v: true });
  } catch (error) {
    // 404 and 409: another runner was faster. Podman responds with 500 while a container is being removed.
    if (statusOf(error) !== 404 && statusOf(error) !== 409)
      log.info(`A container of an earlier job stays: ${engineMessage(error)}.`, { stage: 'image', container: id });
  }
}

/** The relevant fields of an inspection. */
interface Inspected {
  readonly State: { readonly Status: string; readonly FinishedAt: string };
  readonly Created: string;
}

/**
 * Milliseconds since the epoch; undefined for a running container. It may have been started since it was listed: the
 * inspection takes precedence.
 */
export function idleSinceOf({ State: state, Created: created }: Inspected): number | undefined {
  switch (state.Status) {
    case 'created':
      return Date.parse(created);
    case 'exited':
      return Date.parse(state.FinishedAt);
    default:
      return undefined;
  }
}
