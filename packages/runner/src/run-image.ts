import Docker from 'dockerode';
import { hostVariables } from './environment.js';
import { hostConfig, jobLabels } from './executors/container-options.js';
import { runContainer } from './executors/container-run.js';
import { engineError } from './executors/engine-error.js';
import { provideImage } from './executors/images.js';
import { ownContainerId } from './executors/own-container.js';
import { ownLabel } from './executors/owner.js';
import type { RunnerLog } from './log.js';
import type { Settings } from './settings.js';
import { exitCodeOf, Stopped } from './stopped.js';

/** A Batch job that is not a bclaw step: any image with its own entrypoint. */
export interface ImageJob {
  readonly image: string;
  /** Overrides the image's own command; empty = the image's. */
  readonly command: readonly string[];
  readonly settings: Settings;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly log: RunnerLog;
  readonly stop: AbortSignal;
  readonly onOutput: (chunk: Buffer) => void;
}

/** Variables that describe this machine and are not for the container. */
const kept = new Set<string>([...hostVariables, 'DOCKER_HOST']);

/**
 * Runs an image as AWS Batch runs the image of a job definition. The embedded engine uses this for jobs that other
 * tools submit.
 *
 * @returns the container's exit code
 */
export async function runImage(job: ImageJob): Promise<number> {
  const docker = new Docker();
  const { settings, environment, log, stop } = job;
  const account = {
    accountId: environment['AWS_ACCOUNT_ID'] ?? '',
    region: environment['AWS_REGION'] ?? '',
  };
  try {
    const image = await provideImage(docker, { name: job.image }, account, log);
    const containerId = await ownContainerId(environment['ECS_CONTAINER_METADATA_URI_V4']);
    const variables = Object.entries(environment).filter(([name]) => !kept.has(name));
    const running = await runContainer(
      docker,
      {
        Image: image,
        ...(job.command.length === 0 ? {} : { Cmd: [...job.command] }),
        Env: variables.map(([name, value]) => `${name}=${value ?? ''}`),
        Labels: jobLabels({ environment, owner: ownLabel(containerId) }),
        HostConfig: hostConfig(settings.limits, environment),
      },
      { ...settings, log, onOutput: job.onOutput },
    );
    const passOn = () => running.stop(stop.reason instanceof Stopped ? stop.reason.signal : 'SIGTERM');
    if (stop.aborted) passOn();
    else stop.addEventListener('abort', passOn);
    const { exitCode, reason } = await running.ended;
    if (reason !== undefined) log.error(reason);
    return stop.reason instanceof Stopped ? exitCodeOf(stop.reason.signal) : exitCode;
  } catch (error) {
    throw engineError(error, job.image);
  }
}
