/**
 * The data that are passed at run time. The launcher starts an execution with a {@link LaunchPayload}; `Initialize`
 * converts it to a {@link StatePayload}, which every state receives and passes on; a Batch job gets {@link
 * JobParameters}.
 */
import type { JobFile } from './contract.js';

export type { JobFile, LaunchPayload } from './contract.js';

export interface RepositoryLocation {
  readonly bucket: string;
  /** Without a leading or trailing slash. */
  readonly prefix: string;
  /** `s3://bucket/prefix` without a trailing slash. */
  readonly uri: string;
}

/**
 * Values of a job: inline, or, when they are too large for the requests that carry them (a SubmitJob request may take
 * 30 KiB), the `s3://` URI of an object that contains them as JSON. See {@link maxCarriedBytes}.
 */
export type Carried<Values> = Values | string;

/**
 * Maximum size of inline {@link Carried} values in a SubmitJob request, in bytes of JSON within JSON: with scatter
 * values, parent values and inputs of this size each, a third of the request is left for the rest.
 */
export const maxCarriedBytes = 6 * 1024;

/** The payload between states; at most 256 KiB (Step Functions quota "Maximum input or output size"). */
export interface StatePayload {
  /** `main`, or the zero-padded number of the scatter branch: `00042`; of a branch within a branch `00042-00007`. */
  readonly index: string;
  /** The job's own execution, passed down into branches: a QC failure stops it. */
  readonly execution: { readonly arn: string; readonly name: string };
  readonly job_file: JobFile;
  /** `s3://` URI of the job's `_JOB_DATA_`, shared by all branches. */
  readonly job_data: string;
  readonly repo: RepositoryLocation;
  /** The previous step's outputs, name → file: the inputs of a step without `inputs`. */
  readonly prev_outputs: Readonly<Record<string, string>>;
  /** The branch's values, including those of the enclosing scatters. */
  readonly scatter: Carried<Readonly<Record<string, unknown>>>;
  /** The scatter step's inputs (URIs) and outputs (files), by name: as globs, in which `[[]` is a `[`. */
  readonly parent: Carried<Readonly<Record<string, string>>>;
  /** Batch share identifier: the alphanumerics of the workflow's name. */
  readonly share_id: string;
  /** The key of the job file as the value of a tag on the job's Batch jobs; absent in payloads of earlier versions. */
  readonly job_tag?: string;
}

/** The object `_JOB_DATA_` in the repository. */
export interface JobData {
  readonly job: Readonly<Record<string, unknown>>;
  readonly scatter: Readonly<Record<string, unknown>>;
  readonly parent: Readonly<Record<string, unknown>>;
  /** Location of the original job file; absent in data of earlier versions of bclaw. */
  readonly job_file?: JobFile;
}

/**
 * The parameters of a bclaw Batch job: strings, as AWS Batch requires. The job definition contains `step` and the
 * defaults; SubmitJob overrides those that only the execution knows. A whole SubmitJob request may take 30 KiB, and no
 * value may be empty: each is an element of the command, and Batch refuses a command with an empty element.
 */
export interface JobParameters {
  /** {@link JobStep} as compact JSON; or a JSON string, the `s3://` URI of an object that contains it. */
  readonly step: string;
  /** `s3://bucket/prefix` of the (branch's) repository. */
  readonly repo: string;
  /** `s3://` URI of the job's `_JOB_DATA_`; `-` = the one in `repo`. */
  readonly job_data: string;
  /** `main` or the branch's number. */
  readonly index: string;
  /** ARN of the job's execution. */
  readonly execution: string;
  /** JSON name → file: the previous step's outputs, for a step with automatic inputs; otherwise `{}`. */
  readonly inputs: string;
  /** JSON of {@link StatePayload.scatter}, `{}` outside a scatter. */
  readonly scatter: string;
  /** JSON of {@link StatePayload.parent}, `{}` outside a scatter. */
  readonly parent: string;
}

/** The names of {@link JobParameters} in the order of the runner's command line: `--step Ref::step --repo Ref::repo …`. */
export const jobParameterNames = [
  'step',
  'repo',
  'job_data',
  'index',
  'execution',
  'inputs',
  'scatter',
  'parent',
] as const satisfies readonly (keyof JobParameters)[];

/** The work of a step's job, as far as the template alone determines it. */
export interface JobStep {
  readonly image: string;
  readonly auth?: string;
  readonly shell: 'sh' | 'bash' | 'sh-pipefail';
  readonly commands: readonly string[];
  /** Insertion of `${job.x}` in commands; absent = verbatim. */
  readonly job_values?: 'verbatim' | 'quoted';
  /** Absent = automatic: taken from the job's `inputs` parameter. */
  readonly inputs?: Readonly<Record<string, string>>;
  readonly references: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<string, JobOutput>>;
  readonly s3_tags: Readonly<Record<string, string>>;
  /** Absent = the job fails if its commands succeed without writing a required output. */
  readonly missing_outputs?: 'warn';
  readonly skip: 'never' | 'rerun' | 'outputs';
  readonly qc: readonly { readonly file: string; readonly stop_early_if: readonly string[] }[];
}

export interface JobOutput {
  readonly file: string;
  readonly dest?: string;
  readonly s3_tags?: Readonly<Record<string, string>>;
}
