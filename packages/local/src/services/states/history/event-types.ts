/**
 * The history event types that the interpreter writes, with the order of their details in a journal record. The
 * position in this list is the type's code in the journal: append only, never reorder. The fields of a type without a
 * details member, and those of the fourth element, are used only by the interpreter's own recovery; the AWS API does
 * not show them.
 */
const shapes = [
  ['ExecutionStarted', 'executionStartedEventDetails', ['input', 'roleArn']],
  ['ExecutionSucceeded', 'executionSucceededEventDetails', ['output']],
  ['ExecutionFailed', 'executionFailedEventDetails', ['error', 'cause']],
  ['ExecutionAborted', 'executionAbortedEventDetails', ['error', 'cause']],
  ['ExecutionTimedOut', 'executionTimedOutEventDetails', ['error', 'cause']],
  ['ExecutionRedriven', 'executionRedrivenEventDetails', ['redriveCount']],
  ['PassStateEntered', 'stateEnteredEventDetails', ['name', 'input']],
  ['PassStateExited', 'stateExitedEventDetails', ['name', 'output', 'assignedVariables']],
  ['TaskStateEntered', 'stateEnteredEventDetails', ['name', 'input']],
  ['TaskStateExited', 'stateExitedEventDetails', ['name', 'output', 'assignedVariables']],
  ['ChoiceStateEntered', 'stateEnteredEventDetails', ['name', 'input']],
  ['ChoiceStateExited', 'stateExitedEventDetails', ['name', 'output', 'assignedVariables']],
  ['WaitStateEntered', 'stateEnteredEventDetails', ['name', 'input']],
  ['WaitStateExited', 'stateExitedEventDetails', ['name', 'output', 'assignedVariables']],
  ['SucceedStateEntered', 'stateEnteredEventDetails', ['name', 'input']],
  ['SucceedStateExited', 'stateExitedEventDetails', ['name', 'output', 'assignedVariables']],
  ['FailStateEntered', 'stateEnteredEventDetails', ['name', 'input']],
  ['ParallelStateEntered', 'stateEnteredEventDetails', ['name', 'input']],
  ['ParallelStateExited', 'stateExitedEventDetails', ['name', 'output', 'assignedVariables']],
  ['ParallelStateStarted', undefined, ['name']],
  ['ParallelStateSucceeded', undefined, ['name']],
  ['ParallelStateFailed', undefined, ['name', 'error']],
  ['ParallelStateAborted', undefined, []],
  ['MapStateEntered', 'stateEnteredEventDetails', ['name', 'input']],
  ['MapStateExited', 'stateExitedEventDetails', ['name', 'output', 'assignedVariables']],
  ['MapStateStarted', 'mapStateStartedEventDetails', ['length', 'name'], ['name']],
  ['MapStateSucceeded', undefined, ['name']],
  ['MapStateFailed', undefined, ['name', 'error']],
  ['MapStateAborted', undefined, []],
  ['MapIterationStarted', 'mapIterationStartedEventDetails', ['name', 'index']],
  ['MapIterationSucceeded', 'mapIterationSucceededEventDetails', ['name', 'index']],
  ['MapIterationFailed', 'mapIterationFailedEventDetails', ['name', 'index']],
  ['MapIterationAborted', 'mapIterationAbortedEventDetails', ['name', 'index']],
  ['MapRunStarted', 'mapRunStartedEventDetails', ['mapRunArn']],
  ['MapRunSucceeded', undefined, []],
  ['MapRunFailed', 'mapRunFailedEventDetails', ['error', 'cause']],
  ['MapRunAborted', undefined, []],
  ['MapRunRedriven', 'mapRunRedrivenEventDetails', ['mapRunArn', 'redriveCount']],
  [
    'TaskScheduled',
    'taskScheduledEventDetails',
    ['resourceType', 'resource', 'parameters', 'region', 'timeoutInSeconds', 'heartbeatInSeconds', 'taskCredentials'],
  ],
  ['TaskStarted', 'taskStartedEventDetails', ['resourceType', 'resource']],
  ['TaskStartFailed', 'taskStartFailedEventDetails', ['resourceType', 'resource', 'error', 'cause']],
  ['TaskSubmitted', 'taskSubmittedEventDetails', ['resourceType', 'resource', 'output']],
  ['TaskSubmitFailed', 'taskSubmitFailedEventDetails', ['resourceType', 'resource', 'error', 'cause']],
  ['TaskSucceeded', 'taskSucceededEventDetails', ['resourceType', 'resource', 'output']],
  ['TaskFailed', 'taskFailedEventDetails', ['resourceType', 'resource', 'error', 'cause']],
  ['TaskTimedOut', 'taskTimedOutEventDetails', ['resourceType', 'resource', 'error', 'cause']],
  ['TaskStateAborted', undefined, []],
  ['WaitStateAborted', undefined, []],
  [
    'LambdaFunctionScheduled',
    'lambdaFunctionScheduledEventDetails',
    ['resource', 'input', 'timeoutInSeconds', 'taskCredentials'],
  ],
  ['LambdaFunctionStarted', undefined, []],
  ['LambdaFunctionSucceeded', 'lambdaFunctionSucceededEventDetails', ['output']],
  ['LambdaFunctionFailed', 'lambdaFunctionFailedEventDetails', ['error', 'cause']],
  ['LambdaFunctionTimedOut', 'lambdaFunctionTimedOutEventDetails', ['error', 'cause']],
  ['EvaluationFailed', 'evaluationFailedEventDetails', ['state', 'error', 'cause', 'location']],
  // A note for recovery, see HistoryWriter.note: an attempt of a Parallel or Map state failed and will be repeated.
  ['StateRetried', undefined, ['name', 'error']],
] as const;

export type EventType = (typeof shapes)[number][0];

/** The types of the records that have no place in the history and no number. */
const notes: ReadonlySet<EventType> = new Set(['StateRetried']);
export const isNote = (type: EventType): boolean => notes.has(type);

export interface EventShape {
  readonly type: EventType;
  readonly code: number;
  /** The member of AWS's HistoryEvent that contains the details. */
  readonly detailsMember: string | undefined;
  readonly fields: readonly string[];
  /** The fields that the AWS API does not show. */
  readonly hidden: readonly string[];
}

const byCode: readonly EventShape[] = shapes.map(([type, detailsMember, fields, hidden = []], code) => ({
  type,
  code,
  detailsMember,
  fields,
  hidden,
}));
const byType: ReadonlyMap<EventType, EventShape> = new Map(byCode.map((shape) => [shape.type, shape]));

export function shapeOf(type: EventType): EventShape {
  const shape = byType.get(type);
  if (shape === undefined) throw new RangeError(`no history event type '${type}'`);
  return shape;
}

export function shapeOfCode(code: number): EventShape {
  const shape = byCode[code];
  if (shape === undefined) throw new RangeError(`no history event type with the code ${code}`);
  return shape;
}

/** The fields that contain a state's data as JSON text. */
export const dataFieldNames: readonly string[] = ['input', 'output', 'parameters'];
