import type Docker from 'dockerode';
import { statusOf } from './engine-error.js';

/** Marks the containers of runners, with the job's id as its value. */
export const jobLabel = 'bclaw.job';

/** A live runner starts its container at once and removes it as soon as it ends; later, it has lost its runner. */
const orphanedAfterMs = 10 * 60 * 1000;

/**
 * Removes containers whose runner was killed, before they started or after they ended. Running ones end with their
 * runner (`shell-prelude.ts`).
 */
export async function removeOrphans(docker: Docker, now = Date.now()): Promise<void> {
  const filters = { label: [jobLabel], status: ['created', 'exited'] };
  for (const { Id: id } of await docker.listContainers({ all: true, filters })) {
    const container = docker.getContainer(id);
    try {
      const idleSince = idleSinceOf(await container.inspect());
      // Without force: should it be started at this moment, the engine refuses.
      if (idleSince !== undefined && idleSince < now - orphanedAfterMs) await container.remove({ v: true });
    } catch (error) {
      // Another runner was quicker.
      if (statusOf(error) !== 404 && statusOf(error) !== 409) throw error;
    }
  }
}

/** What of an inspection tells. */
interface Inspected {
  readonly State: { readonly Status: string; readonly FinishedAt: string };
  readonly Created: string;
}

/**
 * Milliseconds of the epoch; undefined for a container that is at work. It may have been started since it was listed: what
 * inspection says counts.
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
