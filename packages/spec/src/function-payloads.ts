import type { ScatterSource } from './model.js';
import type { Carried, LaunchPayload, RepositoryLocation, StatePayload } from './payload.js';

/*
 * What the compiled states send to the functions between jobs, and what they get back. Every request but the first
 * carries the step's name and the whole state payload.
 */

/** What the `Initialize` state sends to its function. */
export interface InitializeRequest {
  readonly workflow: string;
  /** The template's repository, `${job.…}` not yet replaced. */
  readonly repository: string;
  readonly execution: { readonly arn: string; readonly name: string };
  /** The execution's input: a {@link LaunchPayload}, or a {@link StatePayload} when another workflow started it. */
  readonly input: LaunchPayload | StatePayload;
}

/** What every other function gets. */
interface StepRequest {
  /** Name of the step in the template. */
  readonly step: string;
  readonly payload: StatePayload;
}

/** What a scatter's first state sends: expand the sources, write the items. */
export interface ScatterRequest extends StepRequest {
  /** Name → source as in the template, `${job.…}`, `${scatter.…}` and `${parent.…}` not yet replaced. */
  readonly scatter: Readonly<Record<string, ScatterSource>>;
  /**
   * The names of the sources as the template has them, the last changing fastest; absent = as they stand in `scatter`.
   * JSON's maps have no order that everything on the way keeps.
   */
  readonly order?: readonly string[];
  /** Name → file of this level's repository, or `s3://…`: what the branches know as `${parent.name}`. */
  readonly inputs: Readonly<Record<string, string>>;
  /** Name → file or glob; the branches know them as `${parent.name}`, too. */
  readonly outputs: Readonly<Record<string, string>>;
}

/** Where the branches find what is theirs. */
export interface ScatterResult {
  /**
   * A CSV file with the columns `index` (zero-padded) and `scatter` (JSON of {@link StatePayload.scatter}), one row for
   * each branch. A branch's repository is `prefix/index`.
   */
  readonly items: { readonly bucket: string; readonly key: string };
  /** Prefix of the branches' repositories, without a trailing slash: `<repo>/<step>`. */
  readonly prefix: string;
  /** `s3://` URI of the same. */
  readonly uri: string;
  /** Prefix for Step Functions' account of the branches: `<repo>/_control_/<step>`. */
  readonly results: string;
  readonly parent: Carried<Readonly<Record<string, string>>>;
  /** How many branches there are. */
  readonly count: number;
}

/** What a scatter's last state sends: find what the branches put out. */
export interface GatherRequest extends StepRequest {
  readonly outputs: Readonly<Record<string, string>>;
}

export interface GatherResult {
  /** File of this level's repository, name → sorted list of URIs. */
  readonly manifest: string;
}

/** What a chooser or parallel chooser sends: read the inputs, evaluate the conditions. */
export interface ChooseRequest extends StepRequest {
  /** Name → JSON file of the repository, or `s3://…`. */
  readonly inputs: Readonly<Record<string, string>>;
  /** `first`: the first that holds (the others are not evaluated); `every`: each. */
  readonly mode: 'first' | 'every';
  /** Expressions; null = holds always. */
  readonly conditions: readonly (string | null)[];
}

export interface ChooseResult {
  /** Mode `first`: position of the condition that holds, -1 = none. */
  readonly choice?: number;
  /** Mode `every`: for each condition whether it holds. */
  readonly choices?: readonly boolean[];
}

/** What a subpipe's first state sends: make the sub-repository, say what to start. */
export interface SubpipeSubmitRequest extends StepRequest {
  /** Workflow name, or state machine ARN. */
  readonly subpipe: string;
  /** File of the repository or `s3://…`; absent = this job's data. */
  readonly job_data?: string;
  /** ARN of the execution that starts the other; in a scatter's branch the branch's own. */
  readonly caller: string;
  /** When the state was entered: a chooser may lead back to a step, and each time starts an execution of its own. */
  readonly entered: string;
}

export interface SubpipeSubmitResult {
  readonly state_machine: string;
  /** Name for the execution, at most 76 characters: the state adds a hyphen and how often the job was redriven. */
  readonly name: string;
  /** The execution's input; `Initialize` puts its own execution in. */
  readonly input: StatePayload & { readonly AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID: string };
}

/** What a subpipe's last state sends: copy files from the sub-repository to the repository; with `submit`, also the other way. */
export interface SubpipeRetrieveRequest extends StepRequest {
  readonly source: RepositoryLocation;
  /** Absent = the payload's own repository. */
  readonly target?: RepositoryLocation;
  readonly retrieve: readonly { readonly from: string; readonly to: string }[];
}
