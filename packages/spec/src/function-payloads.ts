import type { ScatterSource } from './model.js';
import type { Carried, LaunchPayload, RepositoryLocation, StatePayload } from './payload.js';

/*
 * Requests of the compiled states to the functions between jobs, and their responses. Every request except the first
 * contains the step's name and the whole state payload.
 */

/** The request of the `Initialize` state to its function. */
export interface InitializeRequest {
  readonly workflow: string;
  /** The template's repository, `${job.…}` not yet replaced. */
  readonly repository: string;
  /** The template's `JobSchema`, as JSON: a key of it might look like a path to the States Language. */
  readonly job_schema?: string;
  readonly execution: { readonly arn: string; readonly name: string };
  /** The execution's input: a {@link LaunchPayload}, or a {@link StatePayload} when another workflow started it. */
  readonly input: LaunchPayload | StatePayload;
}

/** The fields of every other request. */
interface StepRequest {
  /** Name of the step in the template. */
  readonly step: string;
  readonly payload: StatePayload;
}

/** The request of a scatter's first state: expand the sources and write the items. */
export interface ScatterRequest extends StepRequest {
  /** Name → source as written in the template, `${job.…}`, `${scatter.…}` and `${parent.…}` not yet replaced. */
  readonly scatter: Readonly<Record<string, ScatterSource>>;
  /**
   * Names of sources that advance together instead of being combined; absent = none.
   */
  readonly zip?: readonly string[];
  /**
   * The names of the sources in the template's order, the last changing fastest; absent = the order in `scatter`. Not
   * every component on the way keeps the order of a JSON object.
   */
  readonly order?: readonly string[];
  /** Name → file of this level's repository, or `s3://…`: available to the branches as `${parent.name}`. */
  readonly inputs: Readonly<Record<string, string>>;
  /** Name → file or glob; available to the branches as `${parent.name}`, too. */
  readonly outputs: Readonly<Record<string, string>>;
}

/** The places of the branches' items, repositories and results. */
export interface ScatterResult {
  /**
   * A CSV file with the columns `index` (zero-padded) and `scatter` (JSON of {@link StatePayload.scatter}), one row for
   * each branch. A branch's repository is `prefix/index`.
   */
  readonly items: { readonly bucket: string; readonly key: string };
  /** Prefix of the branches' repositories, without a trailing slash: `<repo>/<step>`. */
  readonly prefix: string;
  /** `s3://` URI of the same prefix. */
  readonly uri: string;
  /** Prefix of the results that Step Functions writes for the branches: `<repo>/_control_/<step>`. */
  readonly results: string;
  readonly parent: Carried<Readonly<Record<string, string>>>;
  /** Number of branches. */
  readonly count: number;
}

/** The request of a scatter's last state: find the outputs of the branches. */
export interface GatherRequest extends StepRequest {
  readonly outputs: Readonly<Record<string, string>>;
}

export interface GatherResult {
  /** File of this level's repository, name → sorted list of URIs. */
  readonly manifest: string;
}

/** The request of a chooser or parallel chooser: read the inputs and evaluate the conditions. */
export interface ChooseRequest extends StepRequest {
  /** Name → JSON file of the repository, or `s3://…`. */
  readonly inputs: Readonly<Record<string, string>>;
  /** `first`: the first condition that is true (the others are not evaluated); `every`: all of them. */
  readonly mode: 'first' | 'every';
  /** Expressions; null = always true. */
  readonly conditions: readonly (string | null)[];
}

export interface ChooseResult {
  /** Mode `first`: position of the first true condition, -1 = none. */
  readonly choice?: number;
  /** Mode `every`: the result of each condition. */
  readonly choices?: readonly boolean[];
}

/** The request of a subpipe's first state: create the sub-repository and return the execution to start. */
export interface SubpipeSubmitRequest extends StepRequest {
  /** Workflow name, or state machine ARN. */
  readonly subpipe: string;
  /** File of the repository or `s3://…`; absent = the data of this job. */
  readonly job_data?: string;
  /** ARN of the execution that starts the other one; in a scatter's branch, the ARN of the branch's execution. */
  readonly caller: string;
  /** Time when the state was entered: a chooser may lead back to a step, and each time starts a new execution. */
  readonly entered: string;
}

export interface SubpipeSubmitResult {
  readonly state_machine: string;
  /** Name for the execution, at most 76 characters: the state appends a hyphen and the job's redrive count. */
  readonly name: string;
  /** The execution's input; `Initialize` inserts its own execution. */
  readonly input: StatePayload & { readonly AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID: string };
}

/**
 * The request of a subpipe's last state: copy files from the sub-repository to the repository; with `submit`, also the
 * other way.
 */
export interface SubpipeRetrieveRequest extends StepRequest {
  readonly source: RepositoryLocation;
  /** Absent = the payload's own repository. */
  readonly target?: RepositoryLocation;
  /** The subpipe's state machine and the beginning of its execution's name; absent for `submit`. */
  readonly execution?: { readonly state_machine: string; readonly name: string };
  readonly retrieve: readonly { readonly from: string; readonly to: string }[];
}
