import type Docker from 'dockerode';
import type { CommandRequest, Limits } from './executor.js';
import { type Mount, mountOptions, samePath } from './mounts.js';
import { jobLabel, ownerLabel } from './owner.js';
import { containerPrelude } from './shell-prelude.js';

const bytesPerMiB = 2 ** 20;
/** The Docker Engine API counts cpu shares in 1/1024 of a cpu, as AWS Batch does. */
const sharesPerCpu = 1024;

/** The job's options for a container, in addition to the image and the commands. */
export interface JobOptions {
  readonly limits: Limits;
  /** The runner's own environment. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The runner that it belongs to, see `owner.ts`. */
  readonly owner: string;
  /** Ids of the GPUs that ECS set aside for the job, as the runner's own container has them. */
  readonly gpus?: readonly string[];
}

/**
 * The options of the create request: the step's image with the commands instead of its entrypoint. Memory is a hard
 * limit and cpus are shares, as AWS Batch itself limits jobs on EC2.
 *
 * @param mounts in addition to those of the request
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
    // Through standard input the container detects that its runner is gone.
    OpenStdin: true,
    StdinOnce: true,
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    HostConfig: {
      ...mountOptions([samePath(request.mount), ...protectedFiles, ...mounts]),
      ...hostConfig(options.limits, options.environment, options.gpus),
    },
  };
}

/** Labels by which other runners recognise the container's owner. */
export function jobLabels({
  environment,
  owner,
}: Pick<JobOptions, 'environment' | 'owner'>): Readonly<Record<string, string>> {
  return { [jobLabel]: environment['AWS_BATCH_JOB_ID'] ?? '', [ownerLabel]: owner };
}

/** Options of every container of a job: an init process, its limits, and a network that reaches AWS. */
export function hostConfig(
  limits: Limits,
  environment: Readonly<Record<string, string | undefined>>,
  assignedGpus?: readonly string[],
): Docker.HostConfig {
  return {
    Init: true,
    // The job's log already has all of the output.
    LogConfig: { Type: 'none', Config: {} },
    ...(isLoopback(environment['AWS_ENDPOINT_URL']) ? { NetworkMode: 'host' } : {}),
    ...(limits.cpus === undefined ? {} : { CpuShares: Math.max(2, Math.round(limits.cpus * sharesPerCpu)) }),
    ...(limits.memoryMiB === undefined ? {} : { Memory: limits.memoryMiB * bytesPerMiB }),
    ...(limits.shmMiB === undefined ? {} : { ShmSize: limits.shmMiB * bytesPerMiB }),
    ...(limits.gpus === undefined ? {} : { DeviceRequests: [gpuRequest(limits.gpus, environment, assignedGpus)] }),
  };
}

/**
 * The GPUs that ECS set aside for the job. Where ECS gave the container some without naming them, all of the host: a number
 * would be the host's first ones, the same for every job. Outside of ECS, as many as the step requested.
 */
function gpuRequest(
  gpus: number | 'all',
  environment: Readonly<Record<string, string | undefined>>,
  assigned: readonly string[] = [],
): Docker.DeviceRequest {
  const request = { Driver: 'nvidia', Capabilities: [['gpu']] };
  if (assigned.length > 0) return { ...request, DeviceIDs: [...assigned] };
  const isUnnamed = environment['NVIDIA_VISIBLE_DEVICES'] !== undefined;
  return { ...request, Count: gpus === 'all' || isUnnamed ? -1 : gpus };
}

/** From a container, an endpoint on the host's loopback address is only reachable through the host's network. */
function isLoopback(endpoint: string | undefined): boolean {
  if (endpoint === undefined || !URL.canParse(endpoint)) return false;
  const { hostname } = new URL(endpoint);
  return hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.');
}
