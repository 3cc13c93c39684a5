import Docker from 'dockerode';
import type { Execution } from '../arguments.js';
import type { RunnerLog } from '../log.js';
import { isWithin } from '../stages/found-files.js';
import { containerOptions } from './container-options.js';
import { runContainer } from './container-run.js';
import { engineError, engineMessage } from './engine-error.js';
import type { Executor, Limits } from './executor.js';
import { provideImage } from './images.js';
import { jobLabel, removeOrphans } from './orphans.js';
import { type OwnMount, ownMounts } from './own-mounts.js';

export interface DockerExecutorOptions {
  readonly execution: Execution;
  readonly limits: Limits;
  readonly scratchPath: string;
  readonly stopGraceMs: number;
  readonly log: RunnerLog;
  /** Whether the runner is root and so can remove what a container's root has made. Default: what this process is. */
  readonly isRoot?: boolean;
  /** The runner's own environment: DOCKER_HOST, ECS_CONTAINER_METADATA_URI_V4, AWS_ENDPOINT_URL, NVIDIA_VISIBLE_DEVICES. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Runs commands in the step's image, in a container beside the runner's own. */
export function createDockerExecutor(options: DockerExecutorOptions): Executor {
  // Finds the engine as Docker's own tools do: DOCKER_HOST, else the default socket.
  const docker = new Docker();
  const isRoot = options.isRoot ?? process.getuid?.() === 0;
  let image = '';
  let mounts: readonly OwnMount[] = [];

  /** Lets this user read and remove what the image's user has made, as far as the image has a `chmod`. */
  async function openUp(mount: string): Promise<void> {
    const settings: Docker.ContainerCreateOptions = {
      Image: image,
      User: '0',
      Entrypoint: ['sh'],
      Cmd: ['-c', 'chmod -R a+rwX "$0" 2>/dev/null', mount],
      Labels: { [jobLabel]: options.environment['AWS_BATCH_JOB_ID'] ?? '' },
      HostConfig: { Binds: [`${mount}:${mount}`], LogConfig: { Type: 'none', Config: {} } },
    };
    try {
      const opening = await runContainer(docker, settings, { ...options, onOutput: () => undefined });
      await opening.ended;
    } catch (error) {
      options.log.warning(`The files of the commands keep their permissions: ${engineMessage(error)}.`);
    }
  }

  return {
    isShared: (path) => mounts.some(({ target }) => isWithin(path, target)),

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
        mounts = await ownMounts(docker, options.environment['ECS_CONTAINER_METADATA_URI_V4'], options.scratchPath);
        const settings = containerOptions(image, request, mounts, options);
        const run = { ...options, onOutput: request.onOutput, hasPrelude: true };
        const running = await runContainer(docker, settings, run);
        if (isRoot) return running;
        const ended = running.ended.then(async (end) => {
          await openUp(request.mount);
          return end;
        });
        return { ...running, ended };
      } catch (error) {
        throw engineError(error, image);
      }
    },
  };
}
