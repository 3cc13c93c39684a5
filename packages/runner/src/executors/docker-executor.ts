import { given } from '@bclaw/spec/given';
import Docker from 'dockerode';
import type { Execution } from '../arguments.js';
import type { RunnerLog } from '../log.js';
import { isWithin } from '../stages/found-files.js';
import type { StepImage } from '../step-plan.js';
import { containerOptions, jobLabels } from './container-options.js';
import { runContainer } from './container-run.js';
import { engineError, engineMessage, isMissingImage } from './engine-error.js';
import type { CommandRequest, Executor, Limits } from './executor.js';
import { imageDigest, provideImage } from './images.js';
import { mountOptions, samePath } from './mounts.js';
import { removeOrphans } from './orphans.js';
import { type OwnContainer, ownContainer, ownContainerId } from './own-container.js';
import { ownLabel } from './owner.js';

export interface DockerExecutorOptions {
  readonly execution: Execution;
  readonly limits: Limits;
  readonly scratchPath: string;
  readonly stopGraceMs: number;
  readonly log: RunnerLog;
  /** True when the runner is root and so can remove files of a container's root. Default: taken from this process. */
  readonly isRoot?: boolean;
  /**
   * The runner's own environment: DOCKER_HOST, ECS_CONTAINER_METADATA_URI_V4, AWS_ENDPOINT_URL, NVIDIA_VISIBLE_DEVICES.
   */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Runs commands in the step's image, in a container next to the runner's own. */
export function createDockerExecutor(options: DockerExecutorOptions): Executor {
  // Finds the engine like Docker's own tools: DOCKER_HOST, else the default socket.
  const docker = new Docker();
  const isRoot = options.isRoot ?? process.getuid?.() === 0;
  let image = '';
  let step: StepImage | undefined;
  let owner = '';
  let own: OwnContainer = { mounts: [] };

  /** Lets this user read and remove files of the image's user, if the image has a `chmod`. */
  async function openUp({ mount, readOnlyFiles }: CommandRequest): Promise<void> {
    const settings: Docker.ContainerCreateOptions = {
      Image: image,
      User: '0',
      Entrypoint: ['sh'],
      Cmd: ['-c', 'chmod -R a+rwX "$0" 2>/dev/null', mount],
      Labels: jobLabels({ ...options, owner }),
      HostConfig: {
        // The references' modes belong to the host's cache.
        ...mountOptions([samePath(mount), ...readOnlyFiles.map((file) => samePath(file, true))]),
        LogConfig: { Type: 'none', Config: {} },
      },
    };
    try {
      const opening = await runContainer(docker, settings, { ...options, onOutput: () => undefined });
      await opening.ended;
    } catch (error) {
      options.log.warning(`The files of the commands keep their permissions: ${engineMessage(error)}.`);
    }
  }

  return {
    protectsFiles: true,
    isShared: (path) => own.mounts.some(({ target }) => isWithin(path, target)),

    async prepare(wanted) {
      image = wanted.name;
      step = wanted;
      try {
        const [name, containerId] = await Promise.all([
          provideImage(docker, wanted, options.execution, options.log),
          ownContainerId(options.environment['ECS_CONTAINER_METADATA_URI_V4']),
          removeOrphans(docker, options.log),
        ]);
        image = name;
        owner = ownLabel(containerId);
        if (containerId !== undefined) own = await ownContainer(docker, containerId, options.scratchPath);
        return await imageDigest(docker, image);
      } catch (error) {
        throw engineError(error, image);
      }
    },

    async start(request) {
      try {
        const settings = containerOptions(image, request, own.mounts, {
          ...options,
          owner,
          ...given({ gpus: own.gpus }),
        });
        const run = { ...options, onOutput: request.onOutput, shell: request.command[0] ?? 'sh' };
        const running = await runContainer(docker, settings, run).catch(async (error: unknown) => {
          // The host may have removed the image while the inputs came.
          if (!isMissingImage(error) || step === undefined) throw error;
          await provideImage(docker, step, options.execution, options.log);
          return await runContainer(docker, settings, run);
        });
        const ended = running.ended.catch((error: unknown) => {
          throw engineError(error, image);
        });
        if (isRoot) return { ...running, ended };
        return {
          ...running,
          ended: ended.then(async (end) => {
            await openUp(request);
            return end;
          }),
        };
      } catch (error) {
        throw engineError(error, image);
      }
    },
  };
}
