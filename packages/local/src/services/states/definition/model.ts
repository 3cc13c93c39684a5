import type { Json, JsonObject } from '../interpreter/data/json.js';

/** A state machine, a branch of a Parallel state or the processor of a Map state. */
export interface StateGraph {
  readonly startAt: string;
  readonly states: ReadonlyMap<string, State>;
}

/** A parsed definition in the Amazon States Language. */
export interface Definition extends StateGraph {
  readonly comment: string | undefined;
  /** Maximum duration of an execution in seconds. */
  readonly timeoutSeconds: number | undefined;
}

/** A value in a definition: a literal, a path or intrinsic function, or a JSONata expression. */
export type Value<T extends Json> =
  | { readonly kind: 'literal'; readonly value: T }
  | { readonly kind: 'reference'; readonly field: string; readonly text: string }
  | { readonly kind: 'jsonata'; readonly field: string; readonly source: string }
  /** A JSONata array with expressions among its items. */
  | { readonly kind: 'template'; readonly field: string; readonly template: Json };

/** The fields that move data through a state, by query language. */
export type DataFields = JsonPathFields | JsonataFields;

export interface JsonPathFields {
  readonly language: 'JSONPath';
  /** null = an empty object. */
  readonly inputPath: string | null;
  readonly parameters: Json | undefined;
  readonly resultSelector: JsonObject | undefined;
  /** null = the result is discarded. */
  readonly resultPath: string | null;
  readonly outputPath: string | null;
  readonly assign: JsonObject | undefined;
}

export interface JsonataFields {
  readonly language: 'JSONata';
  readonly arguments: Json | undefined;
  readonly output: Json | undefined;
  readonly assign: JsonObject | undefined;
}

interface StateBase {
  readonly name: string;
  readonly data: DataFields;
}

/** `undefined` = the state is terminal (`End: true`). */
interface Transition {
  readonly next: string | undefined;
}

export interface Retrier {
  readonly errors: readonly string[];
  readonly intervalSeconds: number;
  readonly maxAttempts: number;
  readonly backoffRate: number;
  readonly maxDelaySeconds: number | undefined;
  readonly jitter: 'FULL' | 'NONE';
}

export interface Catcher {
  readonly errors: readonly string[];
  readonly next: string;
  /** JSONPath only. */
  readonly resultPath: string | null;
  /** JSONata only. */
  readonly output: Json | undefined;
  readonly assign: JsonObject | undefined;
}

/** Task, Parallel and Map: the states that can fail and have Retry and Catch. */
interface Fallible {
  readonly retry: readonly Retrier[];
  readonly catch: readonly Catcher[];
}

export interface PassState extends StateBase, Transition {
  readonly type: 'Pass';
  readonly result: Json | undefined;
}

export interface TaskState extends StateBase, Transition, Fallible {
  readonly type: 'Task';
  readonly resource: TaskResource;
  /** The template of `Credentials`: the history shows the role that it gives. */
  readonly credentials: Json | undefined;
  readonly timeoutSeconds: Value<number> | undefined;
  readonly heartbeatSeconds: Value<number> | undefined;
}

/** The target that a Task calls. */
export type TaskResource =
  | { readonly kind: 'lambda'; readonly arn: string }
  | {
      readonly kind: 'integration';
      readonly arn: string;
      /** The `resourceType` in the history, e.g. `batch` or `aws-sdk:s3`. */
      readonly service: string;
      /** The API action, e.g. `submitJob`. */
      readonly action: string;
      readonly pattern: IntegrationPattern;
    };

export type IntegrationPattern = 'request' | 'sync' | 'sync:2' | 'waitForTaskToken';

export interface ChoiceState extends StateBase {
  readonly type: 'Choice';
  readonly choices: readonly ChoiceRule[];
  readonly default: string | undefined;
}

export interface ChoiceRule {
  readonly condition: Condition;
  readonly next: string;
  readonly assign: JsonObject | undefined;
  readonly output: Json | undefined;
}

export type Condition =
  | { readonly kind: 'and' | 'or'; readonly conditions: readonly Condition[] }
  | { readonly kind: 'not'; readonly condition: Condition }
  | {
      readonly kind: 'comparison';
      readonly variable: string;
      readonly operator: string;
      /** With `byPath`, the path of the operand. */
      readonly operand: Json;
      readonly byPath: boolean;
    }
  | { readonly kind: 'jsonata'; readonly source: string };

export interface WaitState extends StateBase, Transition {
  readonly type: 'Wait';
  readonly until:
    | { readonly kind: 'seconds'; readonly seconds: Value<number> }
    | { readonly kind: 'timestamp'; readonly timestamp: Value<string> };
}

interface SucceedState extends StateBase {
  readonly type: 'Succeed';
}

export interface FailState extends StateBase {
  readonly type: 'Fail';
  readonly error: Value<string> | undefined;
  readonly cause: Value<string> | undefined;
}

export interface ParallelState extends StateBase, Transition, Fallible {
  readonly type: 'Parallel';
  readonly branches: readonly StateGraph[];
}

export interface MapState extends StateBase, Transition, Fallible {
  readonly type: 'Map';
  readonly processor: StateGraph;
  /** Location of the items in the state's input; undefined = the whole input. */
  readonly items: Value<readonly Json[]> | undefined;
  readonly itemSelector: Json | undefined;
  readonly maxConcurrency: Value<number> | undefined;
  /** undefined = inline. */
  readonly distributed: DistributedMap | undefined;
}

export interface DistributedMap {
  readonly executionType: 'STANDARD' | 'EXPRESS';
  readonly label: string | undefined;
  readonly reader: ItemReader | undefined;
  readonly batcher: ItemBatcher | undefined;
  readonly toleratedFailureCount: Value<number> | undefined;
  readonly toleratedFailurePercentage: Value<number> | undefined;
  readonly writer: ResultWriter | undefined;
}

export interface ItemReader {
  readonly resource: 'getObject' | 'listObjectsV2';
  /** `Parameters` or `Arguments`. */
  readonly arguments: Json;
  readonly inputType: 'CSV' | 'JSON' | 'JSONL' | 'MANIFEST' | 'LIST';
  /**
   * For a listing: the format of the listed objects when their items are processed instead of the objects themselves
   * (`LOAD_AND_FLATTEN`).
   */
  readonly listed: 'CSV' | 'JSON' | 'JSONL' | undefined;
  readonly csv: CsvOptions;
  readonly itemsPointer: string | undefined;
  readonly maxItems: Value<number> | undefined;
}

export interface CsvOptions {
  readonly delimiter: string;
  /** undefined = the first row contains the headers. */
  readonly headers: readonly string[] | undefined;
}

export interface ItemBatcher {
  readonly batchInput: Json | undefined;
  readonly maxItemsPerBatch: Value<number> | undefined;
  readonly maxInputBytesPerBatch: Value<number> | undefined;
}

export interface ResultWriter {
  /** undefined = the results are only transformed, not exported. */
  readonly arguments: Json | undefined;
  readonly transformation: 'NONE' | 'COMPACT' | 'FLATTEN';
  readonly outputType: 'JSON' | 'JSONL';
}

export type State =
  | PassState
  | TaskState
  | ChoiceState
  | WaitState
  | SucceedState
  | FailState
  | ParallelState
  | MapState;

/** The states that can have Retry and Catch. */
export type FallibleState = TaskState | ParallelState | MapState;
