import type Docker from 'dockerode';
import { statusOf } from './engine-error.js';

/** Marks the containers of runners, with the job's id as its value. */
export const jobLabel = 'bclaw.job';

/** A live runner removes its container as soon as it ends, so one that ended so long ago has lost its runner. */
const orphanedAfterMs = 10 * 60 * 1000;

/** Removes ended containers whose runner was killed. Running ones end with their runner (`shell-prelude.ts`). */
export async function removeOrphans(docker: Docker): Promise<void> {
  const ended = await docker.listContainers({ all: true, filters: { label: [jobLabel], status: ['exited'] } });
  for (const { Id: id } of ended) {
    const container = docker.getContainer(id);
    try {
      const { State: state } = await container.inspect();
      if (Date.parse(state.FinishedAt) < Date.now() - orphanedAfterMs) await container.remove({ force: true, v: true });
    } catch (error) {
      // Another runner was quicker.
      if (statusOf(error) !== 404 && statusOf(error) !== 409) throw error;
    }
  }
}
