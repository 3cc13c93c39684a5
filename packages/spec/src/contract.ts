/**
 * The agreements between bclaw's packages: names of files, folders, states, versions, tags and environment variables
 * that one package writes and another reads. Each is defined once, here. The module imports nothing, so that a bundle
 * includes only the constants that it uses: the launcher, on the cold path of every job, imports from here too.
 */

/** A job data file at exactly one S3 version. */
export interface JobFile {
  readonly bucket: string;
  readonly key: string;
  /** S3 version id; empty in an unversioned bucket. */
  readonly version: string;
}

/** The input with which the launcher starts an execution. */
export interface LaunchPayload {
  readonly job_file: JobFile;
  readonly index: typeof mainIndex;
}

/** The `index` of a job that is not a branch of a scatter. */
export const mainIndex = 'main';

// Repositories

/** The object with the job's data, in its repository and in that of each of its subpipes. */
export const jobDataName = '_JOB_DATA_';

/** The job parameter `job_data` of a job whose data are in its own repository. Batch refuses an empty one. */
export const ownJobData = '-';

/** The folder of a repository, or of a scatter in it, that bclaw keeps for itself. */
export const controlFolder = '_control_';

/** The file of a scatter's branches in the {@link controlFolder} of the scatter. */
export const itemsName = 'items.csv';

/** The metadata of the files that a step wrote: the name of its execution. */
export const executionMetadata = 'execution_id';

/** The S3 tag of objects that bclaw writes for itself, for lifecycle rules and for people. */
export const systemTag = { key: 'bclaw.system', value: 'true' } as const;

/** @example `completionMarker('align')` is `_control_/align.complete`: the step has run to its end. */
export const completionMarker = (step: string): string => `${controlFolder}/${step}.complete`;

/** @example `manifestName('align')` is `align_manifest.json`: the outputs of a scatter's branches. */
export const manifestName = (step: string): string => `${step}_manifest.json`;

/** Which job something is about. */
export interface JobIdentity {
  /** Name of the execution of which the job is a part, in a branch too. */
  readonly execution: string;
  readonly step: string;
  /** `main`, or the number of the branch. */
  readonly index: string;
  /** AWS Batch's id of the job; for a warning the name of the function. */
  readonly jobId: string;
}

/** Something about a step that only the runner or a function between jobs knows, and that its success hides. */
export type JobNote = JobIdentity &
  (
    | { readonly kind: 'skipped' }
    /** The step was allowed not to write an output, and did not. */
    | { readonly kind: 'missing-output'; readonly output: string }
    /** A function's warning, numbered; the object holds its sentence. */
    | { readonly kind: 'warning'; readonly number: number }
  );

/**
 * The folder of an execution's notes, in the repository of the job itself.
 *
 * @example `notesFolder('job_0a1b')` is `_control_/notes/job_0a1b/`.
 */
export const notesFolder = (execution: string): string => `${controlFolder}/notes/${execution}/`;

/**
 * The object of a note. All of it is in the name, so that a listing is enough to read it, but for the sentence of a
 * warning.
 *
 * @example `_control_/notes/job_0a1b/align/main/<job id>/skipped`, `…/missing-output/bam`
 */
export function noteName(note: JobNote): string {
  const { execution, step, index, jobId, kind } = note;
  const parts = [step, index, jobId, kind, ...detailOf(note)];
  return `${notesFolder(execution)}${parts.map(encodeURIComponent).join('/')}`;
}

function detailOf(note: JobNote): readonly string[] {
  switch (note.kind) {
    case 'skipped':
      return [];
    case 'missing-output':
      return [note.output];
    case 'warning':
      return [String(note.number)];
  }
}

/**
 * Reads the name of a note's object.
 *
 * @param name - below {@link notesFolder}
 * @returns `undefined` for another object
 */
export function parseNoteName(execution: string, name: string): JobNote | undefined {
  const [step, index, jobId, kind, detail] = name.split('/').map(decoded);
  if (step === undefined || index === undefined || jobId === undefined) return undefined;
  const of = { execution, step, index, jobId };
  if (kind === 'skipped') return { ...of, kind };
  if (detail === undefined) return undefined;
  if (kind === 'missing-output') return { ...of, kind, output: detail };
  if (kind === 'warning') return { ...of, kind, number: Number(detail) };
  return undefined;
}

/** The parts of an attempt of a job, in their order; the inputs come while the image does. */
export const jobPhases = ['wait', 'image', 'inputs', 'commands', 'outputs'] as const;

export type JobPhase = (typeof jobPhases)[number];

/** The runner's measures of an attempt of a job. */
export interface JobMeasure extends JobIdentity {
  /** 1 for the first attempt. */
  readonly attempt: number;
  /** Begin of the runner, in milliseconds since 1970. */
  readonly startedAt: number;
  /** From the begin of the runner to its end, in milliseconds. */
  readonly totalMs: number;
  /** Milliseconds of each part that began. */
  readonly phaseMs: Readonly<Partial<Record<JobPhase, number>>>;
  readonly exitCode: number;
  /** Processor time of the commands, in milliseconds. */
  readonly cpuMs?: number;
  /** The most memory that the commands held at once, without the files that the kernel keeps in memory for them. */
  readonly peakBytes?: number;
  readonly inputBytes?: number;
  readonly outputBytes?: number;
  /** The CPUs and the memory that the step asked for. */
  readonly cpus?: number;
  readonly memoryMiB?: number;
  /** `sha256:…` of the image in which the commands ran. */
  readonly imageDigest?: string;
}

/**
 * The folder of the measures of an execution's jobs, in the repository of the job itself.
 *
 * @example `measuresFolder('job_0a1b')` is `_control_/measures/job_0a1b/`.
 */
export const measuresFolder = (execution: string): string => `${controlFolder}/measures/${execution}/`;

/** The numbers of a measure, as they are called in its name; all but those that {@link parseMeasureName} requires are optional. */
const measuredNumbers = ['cpuMs', 'peakBytes', 'inputBytes', 'outputBytes', 'cpus', 'memoryMiB'] as const;

/**
 * The object of a measure. All of it is in the name, so that one listing reads those of a thousand jobs. Each value is a
 * part of its own: a repository can be copied to a disk, where a part has at most 255 bytes.
 *
 * @example `_control_/measures/job_0a1b/align/main/<job id>/1/startedAt.1764417600000/totalMs.4200/exitCode.0/…`
 */
export function measureName(measure: JobMeasure): string {
  const { execution, step, index, jobId, attempt, startedAt, totalMs, exitCode, phaseMs, imageDigest } = measure;
  const values: Readonly<Record<string, string | number | undefined>> = {
    startedAt,
    totalMs,
    exitCode,
    ...phaseMs,
    ...Object.fromEntries(measuredNumbers.map((name) => [name, measure[name]])),
    imageDigest,
  };
  const texts = Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [`${name}.${value}`]));
  const parts = [step, index, jobId, String(attempt), ...texts];
  return `${measuresFolder(execution)}${parts.map(encodeURIComponent).join('/')}`;
}

/**
 * Reads the name of a measure's object.
 *
 * @param name - below {@link measuresFolder}
 * @returns `undefined` for another object
 */
export function parseMeasureName(execution: string, name: string): JobMeasure | undefined {
  const [step, index, jobId, attemptText, ...texts] = name.split('/').map(decoded);
  if (step === undefined || index === undefined || jobId === undefined) return undefined;
  const values = new Map(
    texts.map((text) => {
      const dot = text.indexOf('.');
      return [text.slice(0, dot), text.slice(dot + 1)];
    }),
  );
  const number = (value: string | undefined) =>
    value !== undefined && /^\d+(\.\d+)?$/.test(value) ? Number(value) : undefined;
  const attempt = number(attemptText);
  const startedAt = number(values.get('startedAt'));
  const totalMs = number(values.get('totalMs'));
  const exitCode = number(values.get('exitCode'));
  if (attempt === undefined || startedAt === undefined || totalMs === undefined || exitCode === undefined)
    return undefined;
  const numbers = <Name extends string>(names: readonly Name[]): Partial<Record<Name, number>> => {
    const found: Partial<Record<Name, number>> = {};
    for (const each of names) {
      const value = number(values.get(each));
      if (value !== undefined) found[each] = value;
    }
    return found;
  };
  const imageDigest = values.get('imageDigest');
  return {
    ...{ execution, step, index, jobId, attempt, startedAt, totalMs, exitCode },
    phaseMs: numbers(jobPhases),
    ...numbers(measuredNumbers),
    ...(imageDigest === undefined ? {} : { imageDigest }),
  };
}

/** A part of an object's name; of a foreign object, `%` may be anything. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

// Launcher bucket: job files are below `<workflow>/`

/** The folder of launch records. */
export const launchesFolder = '__launches__';

/** The folder of definitions and steps that are too large for a template. */
export const definitionsFolder = '__definitions__';

/**
 * The folder of job files that are meant for one version, below `<this>/<workflow>/`. No event rule matches it, so they
 * start only when a caller invokes the launcher of that version.
 */
export const submittedFolder = '__submitted__';

// Names of a workflow's resources; a version is the number of the launcher function's version

/** The alias of the launcher function that receives the job files. */
export const liveAliasName = 'live';

/** @example `launcherFunctionName('my-workflow')` is `my-workflow-launcher`. */
export const launcherFunctionName = (workflow: string): string => `${workflow}-launcher`;

/**
 * @param version - absent for an unversioned workflow
 * @example `stateMachineName('my-workflow', 3)` is `my-workflow--3`.
 */
export const stateMachineName = (workflow: string, version?: number | string): string =>
  version === undefined ? workflow : `${workflow}--${version}`;

/**
 * @param stepPart - the step's part of the name, from `stepNameParts` of @bclaw/compiler
 * @param version - absent for an unversioned workflow
 * @example `jobDefinitionName('my-workflow', 'align', 3)` is `my-workflow-align--3`.
 */
export const jobDefinitionName = (workflow: string, stepPart: string, version?: number | string): string =>
  stateMachineName(`${workflow}-${stepPart}`, version);

/**
 * Splits the name of a state machine or a job definition into base name and version.
 *
 * @example
 * ```ts
 * parseVersionedName('my-workflow--3'); // { base: 'my-workflow', version: 3 }
 * parseVersionedName('my-workflow'); // { base: 'my-workflow' }
 * ```
 */
export function parseVersionedName(name: string): { readonly base: string; readonly version?: number } {
  const [, base, version] = /^(.+)--([1-9][0-9]*)$/.exec(name) ?? [];
  return base === undefined ? { base: name } : { base, version: Number(version) };
}

/**
 * The ARN of a state machine's published version, which is used to start executions of a versioned workflow. Each
 * version of the workflow has its own state machine with exactly one published version. Once that is deleted, no
 * execution can be started, and running executions continue.
 *
 * @example `stateMachineVersionArn('arn:…:stateMachine:my-workflow--3')` is `arn:…:stateMachine:my-workflow--3:1`.
 */
export const stateMachineVersionArn = (stateMachineArn: string): string => `${stateMachineArn}:1`;

/**
 * Description of the published version of a state machine whose launcher reads the launch queue: it is read with the
 * state machine, before job files are sent there.
 */
export const readsLaunchQueue = 'Started by job files from the launch queue';

/**
 * How often SQS delivers a message of the launch queue before it is a dead letter: its highest value. The launcher hides
 * a throttled message for so long that only messages reach it that no launcher ever gets to decide about.
 */
export const launchQueueReceives = 1000;

// States

/** The state before the first step. */
export const initializeStateName = 'Initialize';

/** Suffixes that are added to a step's name for steps that compile to more than one state; `any`: has a scatter items? */
export const stateSuffixes = ['map', 'gather', 'choose', 'parallel', 'subpipe', 'submit', 'retrieve', 'any'] as const;

export type StateSuffix = (typeof stateSuffixes)[number];

/** `if`: start of a conditional branch of a parallel chooser; `skip`: its end when the condition is false. */
export type BranchSuffix = `${'if' | 'skip'}${number}`;

/** @example `stateName('align', 'map')` is `align.map`. */
export const stateName = (step: string, suffix: StateSuffix | BranchSuffix): string => `${step}.${suffix}`;

/**
 * Splits the name of a state. A step's own name may have such a suffix too, so the result is only certain when compared
 * with the names of all steps.
 *
 * @returns `undefined` for a name without a suffix that the compiler adds
 * @example `parseStateName('align.map')` is `{ step: 'align', suffix: 'map' }`.
 */
export function parseStateName(
  name: string,
): { readonly step: string; readonly suffix: StateSuffix | 'if' | 'skip' } | undefined {
  const dot = name.lastIndexOf('.');
  if (dot < 1) return undefined;
  const [step, ending] = [name.slice(0, dot), name.slice(dot + 1)];
  const suffix = stateSuffixes.find((each) => each === ending);
  if (suffix !== undefined) return { step, suffix };
  const [, branch] = /^(if|skip)\d+$/.exec(ending) ?? [];
  return branch === 'if' || branch === 'skip' ? { step, suffix: branch } : undefined;
}

// Tags of AWS resources

/** Prefix of the keys of all bclaw tags. */
export const tagPrefix = 'bclaw:';

/** The tags on every resource of a workflow. */
export const tagKeys = {
  workflow: 'bclaw:workflow',
  bclawVersion: 'bclaw:version',
  coreStackName: 'bclaw:core-stack-name',
  deployment: 'bclaw:deployment',
} as const;

/** The tags on a Batch job, in addition to those of its job definition. */
export const jobTagKeys = { step: 'bclaw:step', jobFile: 'bclaw:jobfile' } as const;

/** AWS: the longest value of a tag, in characters. */
const maxTagValueLength = 256;

/**
 * A text as the value of an AWS tag, for a person to read: AWS refuses a job with a tag that has other characters than
 * letters, digits, spaces and `_.:/=+-@`. Of a longer text the end is kept, which tells more than the beginning.
 *
 * @example `tagValue('my-workflow/sample (1).json')` is `my-workflow/sample _1_.json`.
 */
export const tagValue = (text: string): string =>
  [...text.replace(/[^\p{L}\p{Z}\p{N}_.:/=+\-@]/gu, '_')].slice(-maxTagValueLength).join('');

/** The tag of secrets that hold a registry login: other secrets must not be read. */
export const registryTag = { key: 'bclaw:registry', value: 'true' } as const;

// Environment variables

/** Variables of the launcher function. */
export const launcherVariables = {
  workflow: 'WORKFLOW_NAME',
  /** `true` or `false` */
  versioned: 'VERSIONED',
  deployment: 'DEPLOYMENT_ID',
  digest: 'DEFINITION_DIGEST',
  /** ARN of the queue for launches that failed for good; a launcher without it does not read the launch queue. */
  deadLetterQueue: 'DEAD_LETTER_QUEUE_ARN',
} as const;

/** Variables of the function that publishes notifications. */
export const notifyVariables = { topic: 'TOPIC_ARN', launcherBucket: 'LAUNCHER_BUCKET' } as const;

/**
 * Variables of a job: the compiler sets them in its job definition, and the runner passes some of them to the user's
 * commands.
 */
export const jobVariables = {
  stepName: 'BC_STEP_NAME',
  workflowName: 'BC_WORKFLOW_NAME',
  /** Empty in an unversioned workflow. */
  workflowVersion: 'BC_WORKFLOW_VERSION',
  scratchPath: 'BC_SCRATCH_PATH',
  cpus: 'BC_CPUS',
  memoryMiB: 'BC_MEMORY_MIB',
  /** Size of /dev/shm in the user's container. */
  shmMiB: 'BC_SHM_MIB',
  /** A number, or `all`. */
  gpus: 'BC_GPU',
  /** Seconds before the second attempt. */
  retryInterval: 'BC_RETRY_INTERVAL',
  /** Factor by which each further wait is longer. */
  retryBackoffRate: 'BC_RETRY_BACKOFF_RATE',
  /** Seconds after which the runner ends an attempt. */
  timeoutSeconds: 'BC_TIMEOUT_SECONDS',
  /** Set by the runner: `main`, or the number of the scatter branch. */
  branch: 'BC_BRANCH_IDX',
} as const;

/** The default of {@link jobVariables.scratchPath}: a path on the host, mounted into the runner under the same name. */
export const defaultScratchPath = '/scratch';

// Core stack

/** The core stack's output in place of the ARN of a job queue that it does not have. */
export const noQueue = 'none';

// Exit codes of jobs

/** The failure was outside of the user's commands, and another attempt may succeed. */
export const runnerErrorExitCode = 199;

/** A QC check stopped the execution. */
export const qcStopExitCode = 198;

/** The failure was outside of the user's commands, and every attempt would fail in the same way. */
export const hopelessExitCode = 197;

/**
 * Exit codes after which a job is not retried. A shell's 126 is a command that cannot be executed, its 127 one that does
 * not exist.
 */
export const finalExitCodes = [hopelessExitCode, qcStopExitCode, 126, 127] as const;

// Errors

/** The name of the error that a function throws when a service it needs is unavailable: states retry it. */
export const transientFailure = 'TransientFailure';

// Installation

/** Default name of the core stack. */
export const defaultInstallation = 'bayerclaw2';

/** Default name of the macro, for `Transform` in templates. */
export const defaultMacroName = 'BC2_Compiler';
