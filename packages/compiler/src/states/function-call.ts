import type { CoreEnvironment, StateFunction } from '../core-environment.js';
import { type TaskState, transition } from '../states-language.js';
import { transientErrors } from './retriers.js';

/** Handling of a function's result: stored in the payload, replacing the payload, or dropped. */
type Answer =
  | { readonly ResultSelector: Readonly<Record<string, string>>; readonly ResultPath: string }
  | { readonly OutputPath: string }
  | { readonly ResultPath: null };

/** A state that calls one of the core stack's functions. */
export function functionCall(
  core: CoreEnvironment,
  name: StateFunction,
  request: Readonly<Record<string, unknown>>,
  answer: Answer,
  next: string | undefined,
): TaskState {
  return {
    Type: 'Task',
    Resource: `arn:${core.partition}:states:::lambda:invoke`,
    Parameters: { FunctionName: core.functions[name], Payload: request },
    ...answer,
    Retry: [transientErrors],
    ...transition(next),
  };
}

/** The fields of every request except the first: the step's name and the whole payload. */
export const stepRequest = (step: string) => ({ step, 'payload.$': '$' });
