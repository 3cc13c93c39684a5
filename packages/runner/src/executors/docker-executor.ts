import Docker from 'dockerode';
import type { Execution } from '../arguments.js';
import type { RunnerLog } from '../log.js';
import { containerOptions } from './container-options.js';
import { runContainer } from './container-run.js';
import { engineError } from './engine-error.js';
import type { Executor, Limits } from './executor.js';
import { provideImage } from './images.js';
import { removeOrphans } from './orphans.js';
import { ownMounts } from './own-mounts.js';

export interface DockerExecutorOptions {
  readonly execution: Execution;
  readonly limits: Limits;
  readonly scratchPath: string;
  readonly stopGraceMs: number;
  readonly log: RunnerLog;
  /** The runner's own environment: DOCKER_HOST, ECS_CONTAINER_METADATA_URI_V4, AWS_ENDPOINT_URL, NVIDIA_VISIBLE_DEVICES. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Runs commands in the step's image, in a container beside the runner's own. */
export function createDockerExecutor(options: DockerExecutorOptions): Executor {
  // Finds the engine as Docker's own tools do: DOCKER_HOST, else the default socket.
  const docker = new Docker();
  let image = '';
  return {
    async prepare(wanted) {
      image = wanted.name;
      try {
        image = await provideImage(docker, wanted, options.execution, options.log);
        await removeOrphans(docker);
      } catch (error) {
        throw engineError(error, image);
      }
    },

    async start(request) {
      try {
        const mounts = await ownMounts(
          docker,
          options.environment['ECS_CONTAINER_METADATA_URI_V4'],
          options.scratchPath,
        );
        const settings = containerOptions(image, request, mounts, options);
        return await runContainer(docker, settings, { ...options, onOutput: request.onOutput });
      } catch (error) {
        throw engineError(error, image);
      }
    },
  };
}
