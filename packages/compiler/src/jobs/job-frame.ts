import { type BatchStep, jobParameterNames, longestWait, mostRetries, type Retry } from '@bclaw/spec';
import { defaultScratchPath, finalExitCodes, jobVariables } from '@bclaw/spec/contract';
import { inKeyOrder, utf8Length } from '../canonical.js';
import type { CoreEnvironment } from '../core-environment.js';

/** The host's container engine, with which the runner starts the user's image. */
const dockerSocket = '/var/run/docker.sock';

/**
 * Memory for the runner itself: Batch limits its container to the job's memory, even if the step's own container, which
 * runs beside it, requests less.
 */
const runnerMemoryMiB = 256;

/**
 * The runner ends its commands at the step's timeout and uploads what there is, for which it has this time. Batch only
 * ends a job that is still there then, because it does not retry the jobs that it ends.
 */
const timeoutGraceSeconds = 120;

/** A job definition without the work of its jobs. Steps with equal requirements for Batch have the same frame. */
export interface JobFrame {
  readonly properties: FrameProperties;
  readonly environment: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  /** The whole frame as JSON; equal for equal frames. */
  readonly text: string;
  /** Bytes of the text. */
  readonly size: number;
}

/** Properties of AWS::Batch::JobDefinition that are the same in every stack and version. */
export interface FrameProperties {
  readonly Type: 'container';
  readonly PlatformCapabilities: readonly ['EC2'];
  readonly PropagateTags: true;
  readonly RetryStrategy: RetryStrategy;
  readonly SchedulingPriority: number;
  readonly Timeout?: { readonly AttemptDurationSeconds: number };
  readonly ConsumableResourceProperties?: {
    readonly ConsumableResourceList: readonly { readonly ConsumableResource: string; readonly Quantity: number }[];
  };
  readonly ContainerProperties: ContainerProperties;
}

/** The attempts of a job. */
export interface RetryStrategy {
  readonly Attempts: number;
  /** Batch retries a job that no entry matches, such as one whose host was reclaimed. */
  readonly EvaluateOnExit?: readonly { readonly Action: 'EXIT'; readonly OnExitCode: string }[];
}

export interface ContainerProperties {
  readonly Image: string;
  readonly Command: readonly string[];
  readonly JobRoleArn: string;
  readonly ExecutionRoleArn: string;
  readonly ResourceRequirements: readonly { readonly Type: 'VCPU' | 'MEMORY' | 'GPU'; readonly Value: string }[];
  readonly Volumes: readonly Volume[];
  readonly MountPoints: readonly {
    readonly SourceVolume: string;
    readonly ContainerPath: string;
    readonly ReadOnly: false;
  }[];
  readonly LogConfiguration: {
    readonly LogDriver: 'awslogs';
    readonly Options: Readonly<Record<string, string>>;
  };
}

type Volume = { readonly Name: string } & (
  | { readonly Host: { readonly SourcePath: string } }
  | {
      readonly EfsVolumeConfiguration: {
        readonly FileSystemId: string;
        readonly RootDirectory: string;
        readonly TransitEncryption: 'ENABLED';
      };
    }
);

/** The frames of a workflow's batch steps, each created once, because most steps have equal requirements. */
export function jobFrames(core: CoreEnvironment): (step: BatchStep) => JobFrame {
  const known = new Map<string, JobFrame>();
  return (step) => {
    const { cpus, memoryMiB, shmMiB, gpu, consumes } = step.compute;
    const key = JSON.stringify([
      cpus,
      memoryMiB,
      shmMiB,
      gpu,
      consumes,
      step.taskRole,
      step.filesystems,
      step.jobTags,
      step.timeoutSeconds,
      step.retry,
    ]);
    const frame = known.get(key) ?? jobFrame(step, core);
    known.set(key, frame);
    return frame;
  };
}

function jobFrame(step: BatchStep, core: CoreEnvironment): JobFrame {
  const { compute } = step;
  const frame = {
    properties: {
      Type: 'container',
      PlatformCapabilities: ['EC2'],
      PropagateTags: true,
      RetryStrategy: retryStrategy(step.retry),
      // Batch requires a priority for jobs in queues with a fair-share policy.
      SchedulingPriority: 1,
      ...(step.timeoutSeconds === undefined ? {} : { Timeout: { AttemptDurationSeconds: attemptSeconds(step) } }),
      ...(Object.keys(compute.consumes).length === 0
        ? {}
        : { ConsumableResourceProperties: { ConsumableResourceList: consumables(compute.consumes, core) } }),
      ContainerProperties: containerProperties(step, core),
    },
    environment: {
      [jobVariables.cpus]: String(compute.cpus),
      [jobVariables.memoryMiB]: String(compute.memoryMiB),
      // Not `LinuxParameters`, which apply to the runner's container: the runner starts the user's own.
      ...(compute.shmMiB === undefined ? {} : { [jobVariables.shmMiB]: String(compute.shmMiB) }),
      ...(compute.gpu === 0 ? {} : { [jobVariables.gpus]: String(compute.gpu) }),
      ...retryEnvironment(step.retry),
      ...(step.timeoutSeconds === undefined ? {} : { [jobVariables.timeoutSeconds]: String(step.timeoutSeconds) }),
    },
    tags: inKeyOrder(step.jobTags),
  } as const;
  const text = JSON.stringify(frame);
  return { ...frame, text, size: utf8Length(text) };
}

/**
 * Batch retries, and not the state machine, because only Batch can tell failures apart by their exit codes. The state
 * of a step stays one, with one job, from which an execution can be redriven.
 */
function retryStrategy({ attempts }: Retry): RetryStrategy {
  if (attempts === 0) return { Attempts: 1 };
  return {
    Attempts: Math.min(attempts, mostRetries) + 1,
    EvaluateOnExit: finalExitCodes.map((code) => ({ Action: 'EXIT', OnExitCode: String(code) })),
  };
}

/** Batch starts the next attempt at once, so the runner waits. */
function retryEnvironment({ attempts, intervalSeconds, backoffRate }: Retry): Readonly<Record<string, string>> {
  if (attempts === 0) return {};
  return {
    [jobVariables.retryInterval]: String(intervalSeconds),
    [jobVariables.retryBackoffRate]: String(backoffRate),
  };
}

/** Batch's timeout of an attempt, which includes the runner's wait at its start. */
export function attemptSeconds({ timeoutSeconds = 0, retry }: Pick<BatchStep, 'timeoutSeconds' | 'retry'>): number {
  return timeoutSeconds + Math.ceil(longestWait(retry)) + timeoutGraceSeconds;
}

/** The runner's arguments: Batch inserts each job's value of every parameter. */
const command = jobParameterNames.flatMap((name) => [`--${name}`, `Ref::${name}`]);

function containerProperties(step: BatchStep, core: CoreEnvironment): ContainerProperties {
  const volumes: readonly { readonly volume: Volume; readonly path: string }[] = [
    { volume: { Name: 'docker-socket', Host: { SourcePath: dockerSocket } }, path: dockerSocket },
    { volume: { Name: 'scratch', Host: { SourcePath: defaultScratchPath } }, path: defaultScratchPath },
    ...step.filesystems.map((filesystem) => ({
      volume: {
        Name: filesystem.efsId,
        EfsVolumeConfiguration: {
          FileSystemId: filesystem.efsId,
          RootDirectory: filesystem.rootDir,
          TransitEncryption: 'ENABLED' as const,
        },
      },
      path: filesystem.hostPath,
    })),
  ];
  return {
    Image: core.runnerImage,
    Command: command,
    JobRoleArn: step.taskRole ?? core.jobRoleArn,
    ExecutionRoleArn: core.jobExecutionRoleArn,
    ResourceRequirements: [
      { Type: 'VCPU', Value: String(step.compute.cpus) },
      { Type: 'MEMORY', Value: String(Math.max(step.compute.memoryMiB, runnerMemoryMiB)) },
      // Batch cannot reserve "all" GPUs of a host: such a job requests none here, and the runner uses all that are
      // present.
      ...(typeof step.compute.gpu === 'number' && step.compute.gpu > 0
        ? [{ Type: 'GPU' as const, Value: String(step.compute.gpu) }]
        : []),
    ],
    Volumes: volumes.map(({ volume }) => volume),
    MountPoints: volumes.map(({ volume, path }) => ({
      SourceVolume: volume.Name,
      ContainerPath: path,
      ReadOnly: false,
    })),
    LogConfiguration: { LogDriver: 'awslogs', Options: { 'awslogs-group': core.jobLogGroup } },
  };
}

function consumables(consumes: Readonly<Record<string, number>>, core: CoreEnvironment) {
  return Object.entries(inKeyOrder(consumes)).map(([resource, units]) => ({
    ConsumableResource: batchArn(core, 'consumable-resource', resource),
    Quantity: units,
  }));
}

/** The ARN of an AWS Batch resource in the core's account and region; an ARN is returned unchanged. */
export function batchArn(core: CoreEnvironment, type: 'consumable-resource' | 'job-queue', name: string): string {
  return name.startsWith('arn:')
    ? name
    : `arn:${core.partition}:batch:${core.region}:${core.accountId}:${type}/${name}`;
}
