import type { JobDefinition as SdkJobDefinition } from '@aws-sdk/client-batch';
import type { JobDefinition as CompiledJobDefinition } from '@bclaw/compiler';
import { type JobOutput, type JobStep, parseCarriedJobStep, parseJobStep, type Retry } from '@bclaw/spec';
import { jobVariables, tagPrefix } from '@bclaw/spec/contract';
import { given } from '@bclaw/spec/given';
import { entries, type Fields, told } from './fields.js';

/** The content of a job definition, either compiled or deployed. */
export interface JobFacts {
  /** Absent in a job definition that several steps share: then each step's state contains its own. */
  readonly step?: JobStep;
  /** `VCPU`, `MEMORY`, `GPU` → value. */
  readonly resources: Readonly<Record<string, string>>;
  /** `BC_GPU` of a job that uses all GPUs of its host. */
  readonly gpu?: string;
  /** `BC_SHM_MIB`. */
  readonly shm?: string;
  readonly timeoutSeconds?: number;
  /** Absent in a job without retries, and in one whose retries are in its state. */
  readonly retry?: Retry;
  readonly taskRole?: string;
  /** EFS file system → mount point. */
  readonly filesystems: Readonly<Record<string, string>>;
  readonly consumes: Readonly<Record<string, number>>;
  /** Without the tags that bclaw itself adds. */
  readonly tags: Readonly<Record<string, string>>;
  readonly runnerImage?: string;
  readonly executionRole?: string;
}

/** Reads an object that holds data too large for a job definition. */
export type ReadObject = (uri: string) => Promise<string>;

/** The fields of a step that its job definition contains, under the names that templates use. */
export function jobFields(job: JobFacts, step: JobStep): Fields {
  return told({
    image: step.image,
    'image.auth': step.auth,
    commands: step.commands,
    ...(step.inputs === undefined ? { inputs: 'auto' } : entries('inputs', step.inputs)),
    ...entries('references', step.references),
    ...entries('outputs', Object.fromEntries(Object.entries(step.outputs).map(([name, file]) => [name, output(file)]))),
    skip: step.skip === 'never' ? undefined : step.skip,
    qc_check: step.qc.length === 0 ? undefined : step.qc,
    'compute.cpus': Number(job.resources['VCPU']),
    'compute.memory': `${job.resources['MEMORY']} MiB`,
    'compute.shm': job.shm === undefined ? undefined : `${job.shm} MiB`,
    'compute.gpu': job.resources['GPU'] ?? job.gpu,
    'compute.shell': step.shell,
    ...entries('compute.consumes', job.consumes),
    timeout: job.timeoutSeconds === undefined ? undefined : `${job.timeoutSeconds} s`,
    ...(job.retry === undefined ? {} : retryFields(job.retry)),
    ...entries('filesystems', job.filesystems),
    ...entries('s3_tags', step.s3_tags),
    ...entries('job_tags', job.tags),
    task_role: job.taskRole,
  });
}

/** A step's retries; none for 0 attempts. */
export const retryFields = ({ attempts, intervalSeconds, backoffRate }: Retry): Fields =>
  told({
    'retry.attempts': attempts,
    'retry.interval': `${intervalSeconds} s`,
    'retry.backoff_rate': backoffRate,
  });

/** The retries of a job definition, whose number AWS Batch knows and whose waits its runner. */
function retryOf(attempts: number, environment: Environment): { readonly retry?: Retry } {
  if (attempts < 2) return {};
  return {
    retry: {
      attempts: attempts - 1,
      intervalSeconds: Number(environment.get(jobVariables.retryInterval) ?? 0),
      backoffRate: Number(environment.get(jobVariables.retryBackoffRate) ?? 1),
    },
  };
}

/**
 * The timeout that the runner heeds; in a job definition of an older compiler, it is the one that Batch heeds, which is
 * now later.
 */
function timeoutOf(batchSeconds: number | undefined, environment: Environment): { readonly timeoutSeconds?: number } {
  const own = environment.get(jobVariables.timeoutSeconds);
  return given({ timeoutSeconds: own === undefined ? batchSeconds : Number(own) });
}

/** Values other than texts are CloudFormation's, such as a reference. */
type Environment = ReadonlyMap<string | undefined, unknown>;

/** An output that has only a file name is shown as that name. */
const output = (described: JobOutput): unknown => (Object.keys(described).length === 1 ? described.file : described);

const withoutBclaws = (tags: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(tags).flatMap(([name, value]) =>
      name.startsWith(tagPrefix) || typeof value !== 'string' ? [] : [[name, value]],
    ),
  );

/** The content of a compiled job definition. */
export async function compiledJob(
  { Properties }: CompiledJobDefinition,
  readObject: ReadObject,
): Promise<JobFacts | undefined> {
  if (Properties === undefined) return undefined;
  const {
    ContainerProperties: container,
    RetryStrategy,
    Timeout,
    ConsumableResourceProperties: consumable,
  } = Properties;
  const environment = new Map(container.Environment.map(({ Name, Value }) => [Name, Value]));
  const gpu = environment.get(jobVariables.gpus);
  const shm = environment.get(jobVariables.shmMiB);
  const mounts = new Map(container.MountPoints.map(({ SourceVolume, ContainerPath }) => [SourceVolume, ContainerPath]));
  return {
    ...(await carriedStep(Properties.Parameters.step, readObject)),
    resources: Object.fromEntries(container.ResourceRequirements.map(({ Type, Value }) => [Type, Value])),
    ...(typeof gpu === 'string' ? { gpu } : {}),
    ...(typeof shm === 'string' ? { shm } : {}),
    ...timeoutOf(Timeout?.AttemptDurationSeconds, environment),
    ...retryOf(RetryStrategy.Attempts, environment),
    taskRole: container.JobRoleArn,
    filesystems: Object.fromEntries(
      container.Volumes.flatMap((volume) =>
        'EfsVolumeConfiguration' in volume
          ? [[volume.Name, mountText(mounts.get(volume.Name), volume.EfsVolumeConfiguration.RootDirectory)]]
          : [],
      ),
    ),
    consumes: Object.fromEntries(
      (consumable?.ConsumableResourceList ?? []).map(({ ConsumableResource, Quantity }) => [
        lastPart(ConsumableResource),
        Quantity,
      ]),
    ),
    tags: withoutBclaws(Properties.Tags),
    runnerImage: container.Image,
    executionRole: container.ExecutionRoleArn,
  };
}

/** The content of a deployed job definition; `undefined` when bclaw did not create it. */
export async function deployedJob(sdk: SdkJobDefinition, readObject: ReadObject): Promise<JobFacts | undefined> {
  const container = sdk.containerProperties;
  const environment = new Map(container?.environment?.map(({ name, value }) => [name, value]));
  const stepText = sdk.parameters?.['step'];
  if (container === undefined || stepText === undefined) return undefined;
  const gpu = environment.get(jobVariables.gpus);
  const shm = environment.get(jobVariables.shmMiB);
  const mounts = new Map(
    container.mountPoints?.map(({ sourceVolume, containerPath }) => [sourceVolume, containerPath]),
  );
  return {
    ...(await carriedStep(stepText, readObject)),
    resources: Object.fromEntries((container.resourceRequirements ?? []).map(({ type, value }) => [type, value])),
    ...given({ gpu, shm, taskRole: container.jobRoleArn }),
    ...timeoutOf(sdk.timeout?.attemptDurationSeconds, environment),
    ...retryOf(sdk.retryStrategy?.attempts ?? 1, environment),
    filesystems: Object.fromEntries(
      (container.volumes ?? []).flatMap(({ name, efsVolumeConfiguration }) =>
        name === undefined || efsVolumeConfiguration === undefined
          ? []
          : [[name, mountText(mounts.get(name), efsVolumeConfiguration.rootDirectory)]],
      ),
    ),
    consumes: Object.fromEntries(
      (sdk.consumableResourceProperties?.consumableResourceList ?? []).map(({ consumableResource, quantity }) => [
        lastPart(consumableResource ?? ''),
        quantity ?? 0,
      ]),
    ),
    tags: withoutBclaws(sdk.tags ?? {}),
    ...given({ runnerImage: container.image, executionRole: container.executionRoleArn }),
  };
}

async function carriedStep(text: string, readObject: ReadObject): Promise<{ readonly step?: JobStep }> {
  return text === '' ? {} : { step: await readStep(text, readObject) };
}

/** The content of a job's `step` parameter, wherever it is stored. */
export async function readStep(text: string, readObject: ReadObject): Promise<JobStep> {
  const step = parseCarriedJobStep(text);
  return typeof step === 'string' ? parseJobStep(await readObject(step), step) : step;
}

const mountText = (path: string | undefined, root: string | undefined): string => `${root ?? '/'} at ${path ?? '?'}`;

const lastPart = (arn: string): string => arn.split('/').at(-1) ?? arn;
