import type Docker from 'dockerode';
import type { CommandRequest, Limits } from './executor.js';
import { type Mount, mountOptions, samePath } from './mounts.js';
import { jobLabel, ownerLabel } from './owner.js';
import { containerPrelude } from './shell-prelude.js';

const bytesPerMiB = 2 ** 20;
/** The Docker Engine API counts cpu shares in 1/1024 of a cpu, as AWS Batch does. */
const sharesPerCpu = 1024;

/** What a container gets of its job, beside the image and the commands. */
export interface JobOptions {
  readonly limits: Limits;
  /** The runner's own environment. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Which runner it belongs to, see `owner.ts`. */
  readonly owner: string;
}

/**
 * What the engine is asked for: the step's image with the commands instead of its entrypoint. Memory is a hard limit and
 * cpus are shares, as AWS Batch itself limits jobs on EC2.
 *
 * @param mounts beside those of the request
 */
export function containerOptions(
  image: string,
  request: CommandRequest,
  mounts: readonly Mount[],
  options: JobOptions,
): Docker.ContainerCreateOptions {
  const protectedFiles = request.readOnlyFiles.map((file) => samePath(file, true));
  return {
    Image: image,
    Entrypoint: ['sh'],
    Cmd: ['-c', containerPrelude, ...request.command],
    WorkingDir: request.workingDirectory,
    Env: Object.entries(request.environment).map(([name, value]) => `${name}=${value}`),
    Labels: jobLabels(options),
    // Standard input is the line by which the container notices that its runner is gone.
    OpenStdin: true,
    StdinOnce: true,
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    HostConfig: {
      ...mountOptions([samePath(request.mount), ...protectedFiles, ...mounts]),
      ...hostConfig(options.limits, options.environment),
    },
  };
}

/** By what other runners tell whose container it is. */
export function jobLabels({ environment, owner }: Omit<JobOptions, 'limits'>): Readonly<Record<string, string>> {
  return { [jobLabel]: environment['AWS_BATCH_JOB_ID'] ?? '', [ownerLabel]: owner };
}

/** What holds for every container of a job: an init process, its limits, and a network that reaches AWS. */
export function hostConfig(
  limits: Limits,
  environment: Readonly<Record<string, string | undefined>>,
): Docker.HostConfig {
  return {
    Init: true,
    // The job's log has it all already.
    LogConfig: { Type: 'none', Config: {} },
    ...(isLoopback(environment['AWS_ENDPOINT_URL']) ? { NetworkMode: 'host' } : {}),
    ...(limits.cpus === undefined ? {} : { CpuShares: Math.max(2, Math.round(limits.cpus * sharesPerCpu)) }),
    ...(limits.memoryMiB === undefined ? {} : { Memory: limits.memoryMiB * bytesPerMiB }),
    ...(limits.shmMiB === undefined ? {} : { ShmSize: limits.shmMiB * bytesPerMiB }),
    ...(limits.gpus === undefined ? {} : { DeviceRequests: [gpuRequest(limits.gpus, environment)] }),
  };
}

/** ECS tells a job which of the host's GPUs are its own. */
function gpuRequest(
  gpus: number | 'all',
  environment: Readonly<Record<string, string | undefined>>,
): Docker.DeviceRequest {
  const assigned = environment['NVIDIA_VISIBLE_DEVICES'];
  const capabilities = { Driver: 'nvidia', Capabilities: [['gpu']] };
  if (assigned !== undefined && assigned !== '' && assigned !== 'all' && assigned !== 'void')
    return { ...capabilities, DeviceIDs: assigned.split(',') };
  return { ...capabilities, Count: gpus === 'all' ? -1 : gpus };
}

/** An endpoint on the host's loopback address can be reached from a container only through the host's network. */
function isLoopback(endpoint: string | undefined): boolean {
  if (endpoint === undefined || !URL.canParse(endpoint)) return false;
  const { hostname } = new URL(endpoint);
  return hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.');
}
