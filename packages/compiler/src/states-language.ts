/** The part of Amazon States Language (query language JSONPath) that bclaw compiles to. */
export interface StateMachineDefinition {
  readonly Comment?: string;
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}

export type State = TaskState;

/** One of the two: the state that follows, or the end. */
export type Transition = { readonly Next: string } | { readonly End: true };

export type TaskState = {
  readonly Type: 'Task';
  /** A service integration's ARN. */
  readonly Resource: string;
  readonly Parameters: Readonly<Record<string, unknown>>;
  readonly ResultSelector?: Readonly<Record<string, string>>;
  readonly ResultPath?: string;
  readonly OutputPath?: string;
  readonly Retry?: readonly Retrier[];
} & Transition;

export interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds: number;
  readonly MaxAttempts: number;
  readonly BackoffRate: number;
  readonly MaxDelaySeconds?: number;
  readonly JitterStrategy?: 'FULL';
}

/** To the named state; without a name, the end. */
export function transition(next: string | undefined): Transition {
  return next === undefined ? { End: true } : { Next: next };
}
