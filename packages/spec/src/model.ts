import type { TemplatePath } from './diagnostics.js';

/**
 * The normalised workflow: every default filled in once, every shorthand expanded, compile-time `${Parameter}`
 * references replaced. The compiler reads this and nothing else.
 */
export interface Workflow {
  /** `s3://bucket/prefix` without a trailing slash, normally with `${job.…}` in it. */
  readonly repository: string;
  /** The template's `Description`. */
  readonly description?: string;
  /** CloudFormation parameters as declared, passed through to the template. */
  readonly parameters: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly options: Options;
  readonly steps: readonly Step[];
}

export type Shell = 'sh' | 'bash' | 'sh-pipefail';

export type Tags = Readonly<Record<string, string>>;

/**
 * Whether a deployment replaces the tags of images by digests: `no`; `required`: one that cannot be found out is an error;
 * `best-effort`: it stays as it is, with a warning.
 */
export type PinImages = 'no' | 'required' | 'best-effort';

export interface Options {
  readonly versioned: boolean;
  readonly pinImages: PinImages;
  readonly shell: Shell;
  /** IAM role ARN for the jobs; absent = the core's role. */
  readonly taskRole?: string;
  /** An output that was not written: absent = fails the job. */
  readonly missingOutputs?: 'warn';
  /** `${job.x}` in commands: absent = verbatim. */
  readonly jobValues?: 'quoted';
  readonly s3Tags: Tags;
  readonly jobTags: Tags;
}

export type Step = BatchStep | ScatterStep | SubpipeStep | NativeStep | ChooserStep | ParallelChooserStep;
export type StepKind = Step['kind'];

interface StepBase {
  readonly name: string;
  /** Where the step's specification stands in the template, for diagnostics. */
  readonly path: TemplatePath;
  /**
   * The step that follows, from `next`, `end` and the block's order; absent = the block ends here. For a chooser: the
   * step that follows when no condition holds.
   */
  readonly next?: string;
}

export interface BatchStep extends StepBase {
  readonly kind: 'batch';
  readonly image: Image;
  /** The step's own role, else `Options.task_role`; absent = the core's role. */
  readonly taskRole?: string;
  /** `'auto'` = the previous step's outputs. A value is a file in the repository, an `s3://` URI or a glob; a name ending in `?` is optional. */
  readonly inputs: 'auto' | Readonly<Record<string, string>>;
  /** Name → `s3://…`, cached on the host. */
  readonly references: Readonly<Record<string, string>>;
  /** One script; stops at the first failure. */
  readonly commands: readonly string[];
  /** From Options. */
  readonly missingOutputs?: 'warn';
  /** From Options. */
  readonly jobValues?: 'quoted';
  /** A name ending in `?` is optional. */
  readonly outputs: Readonly<Record<string, Output>>;
  /** Options' tags with the step's own on top. */
  readonly s3Tags: Tags;
  readonly jobTags: Tags;
  readonly skip: SkipPolicy;
  readonly compute: Compute;
  readonly filesystems: readonly Filesystem[];
  readonly qcChecks: readonly QcCheck[];
  readonly retry: Retry;
  /** At least 60. */
  readonly timeoutSeconds?: number;
}

/** `rerun`: skip when `_control_/<step>.complete` exists; `outputs`: skip when every output exists. */
export type SkipPolicy = 'never' | 'rerun' | 'outputs';

export interface Image {
  /** As written, e.g. `samtools:1.21` (this account's ECR), `public.ecr.aws/ubuntu/ubuntu:24.04`, `name@sha256:…`. */
  readonly name: string;
  /** Secrets Manager name or ARN of `{"username", "password"}` for a private registry. */
  readonly auth?: string;
}

export interface Output {
  /** File name or glob in the workspace. */
  readonly file: string;
  /** `s3://bucket/prefix/` to put it in; absent = the repository. */
  readonly dest?: string;
  readonly s3Tags: Tags;
}

export interface Compute {
  readonly cpus: number;
  readonly memoryMiB: number;
  /** Of /dev/shm; absent = the container engine's default. */
  readonly shmMiB?: number;
  readonly gpu: number | 'all';
  readonly spot: boolean;
  readonly queueName?: string;
  readonly shell: Shell;
  /** Consumable resource → units. */
  readonly consumes: Readonly<Record<string, number>>;
}

export interface Filesystem {
  readonly efsId: string;
  readonly hostPath: string;
  readonly rootDir: string;
}

export interface QcCheck {
  readonly resultFile: string;
  readonly stopEarlyIf: readonly string[];
}

export interface Retry {
  /** Retries after the first run, so 0 = one run. */
  readonly attempts: number;
  readonly intervalSeconds: number;
  readonly backoffRate: number;
}

export interface ScatterStep extends StepBase {
  readonly kind: 'scatter';
  readonly scatter: Readonly<Record<string, ScatterSource>>;
  /** `'auto'` = the previous step's outputs: without the field, in a block that names `parent`. */
  readonly inputs: 'auto' | Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
  readonly outputs: Readonly<Record<string, string>>;
  /** 0 = no limit. */
  readonly maxConcurrency: number;
  readonly errorTolerance: { readonly count: number } | { readonly percentage: number };
}

export type ScatterSource = string | readonly (string | number | boolean | null)[];

export interface SubpipeStep extends StepBase {
  readonly kind: 'subpipe';
  /** Workflow name or state machine ARN. */
  readonly subpipe: string;
  readonly jobData?: string;
  /** Files that are copied into the sub-repository before the other workflow starts; as BayerCLAW has it, deprecated. */
  readonly submit: readonly { readonly from: string; readonly to: string }[];
  readonly retrieve: readonly { readonly from: string; readonly to: string }[];
}

export interface NativeStep extends StepBase {
  readonly kind: 'native';
  readonly type: 'Pass' | 'Task' | 'Wait' | 'Succeed' | 'Fail' | 'Parallel';
  /** The States Language fields as written, without `Type`, `Next`, `End` and `Branches`. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** Of a `Parallel`. */
  readonly branches: readonly (readonly Step[])[];
  /** The catchers of the field `Catch`, as far as they name a step. */
  readonly catch: readonly Catcher[];
}

/** Where a native step goes on after an error. */
export interface Catcher {
  /** Names of errors, such as `States.Timeout`. */
  readonly errors: readonly string[];
  /** The step of the same block that follows. */
  readonly next: string;
}

export interface ChooserStep extends StepBase {
  readonly kind: 'chooser';
  readonly inputs: Readonly<Record<string, string>>;
  readonly choices: readonly { readonly if: string; readonly next: string }[];
}

export interface ParallelChooserStep extends StepBase {
  readonly kind: 'parallel-chooser';
  readonly inputs: Readonly<Record<string, string>>;
  readonly branches: readonly { readonly if?: string; readonly steps: readonly Step[] }[];
}
