import type { BatchStep, JobParameters } from '@bclaw/spec';
import { jobParameterNames } from '@bclaw/spec';
import { inKeyOrder, sha256Hex, utf8Length } from './canonical.js';
import type { CoreEnvironment } from './core-environment.js';
import { jobStep } from './job-step.js';
import { limits } from './limits.js';
import { jobDefinitionName, maxWorkflowNameLength } from './names.js';
import { stepParameter, type Upload, uploadOf } from './upload.js';

/** Where jobs keep their workspaces and the reference cache: a host path, mounted into the runner under the same name. */
export const scratchPath = '/scratch';

/** The host's container engine, through which the runner starts the user's image. */
const dockerSocket = '/var/run/docker.sock';

/**
 * What the runner itself may need: Batch limits its container to the job's memory, however little the step's own container,
 * which runs beside it, asks for.
 */
const runnerMemoryMiB = 256;

/** A Batch job definition as far as the template and the core stack determine it: without names, versions and stack tags. */
export interface Job {
  /** Empty when several steps share it: their states say it. */
  readonly stepName: string;
  readonly logicalId: string;
  /** The step's part of the physical name. */
  readonly namePart: string;
  readonly properties: JobProperties;
  readonly environment: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  /** How many steps use it. */
  readonly users: number;
  /** Bytes that the job definition takes at most, of Batch's 24 KiB. */
  readonly size: number;
}

/** What a batch step's job definition is called, and which image its jobs get. */
export interface JobContext {
  readonly logicalId: string;
  readonly namePart: string;
  readonly image: string;
}

/** Properties of AWS::Batch::JobDefinition that are the same in every stack and version. */
export interface JobProperties {
  readonly Type: 'container';
  readonly PlatformCapabilities: readonly ['EC2'];
  readonly Parameters: Readonly<JobParameters>;
  readonly PropagateTags: true;
  readonly RetryStrategy: { readonly Attempts: 1 };
  readonly SchedulingPriority: number;
  readonly Timeout?: { readonly AttemptDurationSeconds: number };
  readonly ConsumableResourceProperties?: {
    readonly ConsumableResourceList: readonly { readonly ConsumableResource: string; readonly Quantity: number }[];
  };
  readonly ContainerProperties: ContainerProperties;
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

export type Volume = { readonly Name: string } & (
  | { readonly Host: { readonly SourcePath: string } }
  | {
      readonly EfsVolumeConfiguration: {
        readonly FileSystemId: string;
        readonly RootDirectory: string;
        readonly TransitEncryption: 'ENABLED';
      };
    }
);

/** A batch step's job definition, and the step as the runner reads it. */
export interface CompiledJob {
  readonly job: Job;
  /** JSON of the step. */
  readonly text: string;
  /** The same as an object, when it is too large for the job definition. */
  readonly upload?: Upload;
}

/**
 * The job definition of a batch step. A step that is too large for one goes into an object, which the job is told to read;
 * the object must be there before a job runs.
 */
export function compileJob(step: BatchStep, core: CoreEnvironment, context: JobContext): CompiledJob {
  const text = JSON.stringify(jobStep(step, context.image));
  const whole = jobWith(text, step, core, context);
  if (whole.size <= limits.jobDefinition.max) return { job: whole, text };
  const upload = uploadOf(text, sha256Hex(text), core);
  return { job: jobWith(stepParameter(upload), step, core, context), text, upload };
}

function jobWith(parameter: string, step: BatchStep, core: CoreEnvironment, context: JobContext): Job {
  const { logicalId, namePart } = context;
  const { compute } = step;
  const properties: JobProperties = {
    Type: 'container',
    PlatformCapabilities: ['EC2'],
    Parameters: defaultParameters(parameter),
    PropagateTags: true,
    // The state machine retries, so that its history tells what happened.
    RetryStrategy: { Attempts: 1 },
    // Batch wants one for jobs in queues with a fair-share policy.
    SchedulingPriority: 1,
    ...(step.timeoutSeconds === undefined ? {} : { Timeout: { AttemptDurationSeconds: step.timeoutSeconds } }),
    ...(Object.keys(compute.consumes).length === 0
      ? {}
      : { ConsumableResourceProperties: { ConsumableResourceList: consumables(compute.consumes, core) } }),
    ContainerProperties: containerProperties(step, core),
  };
  const environment = {
    BC_CPUS: String(compute.cpus),
    BC_MEMORY_MIB: String(compute.memoryMiB),
    ...(compute.gpu === 0 ? {} : { BC_GPU: String(compute.gpu) }),
  };
  const tags = inKeyOrder(step.jobTags);
  const size =
    utf8Length(JSON.stringify({ ...properties, ...environment, ...tags })) +
    longestJobDefinitionArn(namePart, core).length;
  return { stepName: step.name, logicalId, namePart, properties, environment, tags, users: 1, size };
}

/** The longest ARN that a job definition can have, its revision included. */
export const longestJobDefinitionArn = (namePart: string, core: CoreEnvironment): string =>
  `arn:${core.partition}:batch:${core.region}:${core.accountId}:job-definition/${jobDefinitionName('w'.repeat(maxWorkflowNameLength), namePart, 9_999_999_999)}:9999`;

/** What a job gets when the state that submits it says nothing else; `repo`, `index` and `execution` always come from there. */
function defaultParameters(step: string): JobParameters {
  return {
    step,
    repo: '',
    job_data: '',
    index: '',
    execution: '',
    inputs: '',
    scatter: '{}',
    parent: '{}',
  };
}

function containerProperties(step: BatchStep, core: CoreEnvironment): ContainerProperties {
  const volumes: readonly { readonly volume: Volume; readonly path: string }[] = [
    { volume: { Name: 'docker-socket', Host: { SourcePath: dockerSocket } }, path: dockerSocket },
    { volume: { Name: 'scratch', Host: { SourcePath: scratchPath } }, path: scratchPath },
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
    Command: jobParameterNames.flatMap((name) => [`--${name}`, `Ref::${name}`]),
    JobRoleArn: step.taskRole ?? core.jobRoleArn,
    ExecutionRoleArn: core.jobExecutionRoleArn,
    ResourceRequirements: [
      { Type: 'VCPU', Value: String(step.compute.cpus) },
      { Type: 'MEMORY', Value: String(Math.max(step.compute.memoryMiB, runnerMemoryMiB)) },
      // Batch cannot reserve "all" GPUs of a host: such a job asks for none here, and the runner takes what is there.
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
    LogConfiguration: { LogDriver: 'awslogs', Options: { 'awslogs-group': '/aws/batch/job' } },
  };
}

function consumables(consumes: Readonly<Record<string, number>>, core: CoreEnvironment) {
  return Object.entries(inKeyOrder(consumes)).map(([resource, units]) => ({
    ConsumableResource: batchArn(core, 'consumable-resource', resource),
    Quantity: units,
  }));
}

/** The ARN of something of AWS Batch's in the core's account and region; what is an ARN already stays as it is. */
export function batchArn(core: CoreEnvironment, type: 'consumable-resource' | 'job-queue', name: string): string {
  return name.startsWith('arn:')
    ? name
    : `arn:${core.partition}:batch:${core.region}:${core.accountId}:${type}/${name}`;
}
