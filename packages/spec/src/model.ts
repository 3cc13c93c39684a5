import type { TemplatePath } from './diagnostics.js';

/**
 * The normalised workflow: defaults filled in, shorthands expanded, compile-time `${Parameter}` references replaced.
 * The compiler reads only this.
 */
export interface Workflow {
  /** `s3://bucket/prefix` without a trailing slash, usually with `${job.…}` in it. */
  readonly repository: string;
  /** The template's `Description`. */
  readonly description?: string;
  /** CloudFormation parameters as declared, copied to the compiled template. */
  readonly parameters: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly options: Options;
  /** The template's `JobSchema`, a JSON Schema of the job data. */
  readonly jobSchema?: Readonly<Record<string, unknown>>;
  readonly steps: readonly Step[];
}

export type Shell = 'sh' | 'bash' | 'sh-pipefail';

export type Tags = Readonly<Record<string, string>>;

/**
 * Replacement of image tags by digests at deployment: `no`; `required`: an image whose digest cannot be found is an
 * error; `best-effort`: such an image keeps its tag, with a warning.
 */
export type PinImages = 'no' | 'required' | 'best-effort';

export interface Options {
  readonly versioned: boolean;
  readonly pinImages: PinImages;
  readonly shell: Shell;
  /** IAM role ARN for the jobs; absent = the role of the core stack. */
  readonly taskRole?: string;
  /** Behaviour when an output was not written: absent = the job fails. */
  readonly missingOutputs?: 'warn';
  /** Insertion of `${job.x}` in commands: absent = verbatim. */
  readonly jobValues?: 'quoted';
  readonly s3Tags: Tags;
  readonly jobTags: Tags;
}

export type Step = BatchStep | ScatterStep | SubpipeStep | NativeStep | ChooserStep | ParallelChooserStep;
export type StepKind = Step['kind'];

interface StepBase {
  readonly name: string;
  /** Path of the step's specification in the template, for diagnostics. */
  readonly path: TemplatePath;
  /**
   * The next step, from `next`, `end` and the order of the block; absent = the block ends here. For a chooser: the next
   * step when no condition is true.
   */
  readonly next?: string;
}

export interface BatchStep extends StepBase {
  readonly kind: 'batch';
  readonly image: Image;
  /** The step's own role, or else `Options.task_role`; absent = the role of the core stack. */
  readonly taskRole?: string;
  /**
   * `'auto'` = the previous step's outputs. A value is a file in the repository, an `s3://` URI or a glob; a name
   * ending in `?` is optional.
   */
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
  /** The tags from Options, overridden by the step's own. */
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
  /** The destination, `s3://bucket/prefix/`; absent = the repository. */
  readonly dest?: string;
  readonly s3Tags: Tags;
}

export interface Compute {
  readonly cpus: number;
  readonly memoryMiB: number;
  /** Size of /dev/shm; absent = the container engine's default. */
  readonly shmMiB?: number;
  readonly gpu: number | 'all';
  readonly spot: boolean;
  readonly queueName?: string;
  /** True if the queue `queueName` has a fair-share policy. */
  readonly fairShare: boolean;
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
  /** In the template's order, those of `zip` in its place. */
  readonly scatter: Readonly<Record<string, ScatterSource>>;
  /** Names of sources that advance together instead of being combined. */
  readonly zip?: readonly string[];
  /** `'auto'` = the previous step's outputs: without the field, in a block that names `parent`. */
  readonly inputs: 'auto' | Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
  readonly outputs: Readonly<Record<string, string>>;
  /** 0 = no limit. */
  readonly maxConcurrency: number;
  readonly errorTolerance: { readonly count: number } | { readonly percentage: number };
}

export type ScatterItem = string | number | boolean | null | Readonly<Record<string, unknown>>;

export type ScatterSource = string | readonly ScatterItem[] | ScatterQuery;

/** The items of a source that are selected, or joined to groups. */
export interface ScatterQuery {
  readonly from: string | readonly ScatterItem[];
  /** A condition on each item, `row`. */
  readonly where?: string;
  /** Keys of the items: those that are equal in all of them become one item, `{key, rows}`. */
  readonly group_by?: readonly string[];
}

export interface SubpipeStep extends StepBase {
  readonly kind: 'subpipe';
  /** Workflow name or state machine ARN. */
  readonly subpipe: string;
  readonly jobData?: string;
  /**
   * Files that are copied into the sub-repository before the other workflow starts; supported as in BayerCLAW, but
   * deprecated.
   */
  readonly submit: readonly { readonly from: string; readonly to: string }[];
  readonly retrieve: readonly { readonly from: string; readonly to: string }[];
}

export interface NativeStep extends StepBase {
  readonly kind: 'native';
  readonly type: 'Pass' | 'Task' | 'Wait' | 'Succeed' | 'Fail' | 'Parallel';
  /** The States Language fields as written, without `Type`, `Next`, `End` and `Branches`. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** The branches of a `Parallel`. */
  readonly branches: readonly (readonly Step[])[];
  /** The catchers in the field `Catch` that name a step. */
  readonly catch: readonly Catcher[];
}

/** Where a native step continues after an error. */
export interface Catcher {
  /** Names of errors, such as `States.Timeout`. */
  readonly errors: readonly string[];
  /** The next step, in the same block. */
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
