/** The part of Amazon States Language (query language JSONPath) that bclaw compiles to. */
export interface StateMachineDefinition {
  readonly Comment?: string;
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}

/**
 * A state by its `Type`. States with nested states are {@link MapState} and {@link ParallelState}; see {@link
 * statesIn}.
 */
export type State = TaskState | ChoiceState | MapState | ParallelState | SucceedState | NativeState;

/** Either the next state, or the end. */
export type Transition = { readonly Next: string } | { readonly End: true };

export type TaskState = {
  readonly Type: 'Task';
  /** A service integration's ARN. */
  readonly Resource: string;
  readonly Parameters: Readonly<Record<string, unknown>>;
  readonly ResultSelector?: Readonly<Record<string, string>>;
  readonly ResultPath?: string | null;
  readonly OutputPath?: string;
  readonly Retry?: readonly Retrier[];
} & Transition;

export interface ChoiceState {
  readonly Type: 'Choice';
  readonly Choices: readonly ChoiceRule[];
  /** Absent = the execution fails when no rule matches. */
  readonly Default?: string;
}

export type ChoiceRule = { readonly Variable: string; readonly Next: string } & (
  | { readonly NumericEquals: number }
  | { readonly BooleanEquals: boolean }
);

/** A distributed Map: an execution of its own for each row of a CSV file. */
export type MapState = {
  readonly Type: 'Map';
  readonly ItemReader: {
    readonly Resource: string;
    readonly ReaderConfig: { readonly InputType: 'CSV'; readonly CSVHeaderLocation: 'FIRST_ROW' };
    readonly Parameters: Readonly<Record<string, unknown>>;
  };
  readonly ItemSelector: Readonly<Record<string, unknown>>;
  readonly ItemProcessor: StateMachineDefinition & {
    readonly ProcessorConfig: { readonly Mode: 'DISTRIBUTED'; readonly ExecutionType: 'STANDARD' };
  };
  readonly MaxConcurrency?: number;
  readonly ToleratedFailureCount?: number;
  readonly ToleratedFailurePercentage?: number;
  readonly ResultWriter: { readonly Resource: string; readonly Parameters: Readonly<Record<string, unknown>> };
  readonly ResultPath: null;
} & Transition;

export type ParallelState = {
  readonly Type: 'Parallel';
  readonly Branches: readonly StateMachineDefinition[];
  readonly [nativeField: string]: unknown;
};

export interface SucceedState {
  readonly Type: 'Succeed';
}

/** A state that is written out in the template: its fields are those of the States Language. */
export interface NativeState {
  readonly Type: 'Pass' | 'Task' | 'Wait' | 'Succeed' | 'Fail';
  readonly [nativeField: string]: unknown;
}

export interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds: number;
  readonly MaxAttempts: number;
  readonly BackoffRate: number;
  readonly MaxDelaySeconds?: number;
  readonly JitterStrategy?: 'FULL';
}

/** A transition to the named state; without a name, to the end. */
export function transition(next: string | undefined): Transition {
  return next === undefined ? { End: true } : { Next: next };
}

/**
 * Every state of a definition with its name; those inside Map and Parallel states after the state that contains them.
 *
 * @example
 * ```ts
 * for (const [name, state] of statesIn(definition)) console.log(name, state.Type);
 * ```
 */
export function* statesIn(definition: StateMachineDefinition): Generator<readonly [name: string, state: State]> {
  for (const [name, state] of Object.entries(definition.States)) {
    yield [name, state];
    if (state.Type === 'Map') yield* statesIn(state.ItemProcessor);
    else if (state.Type === 'Parallel') for (const branch of state.Branches) yield* statesIn(branch);
  }
}
