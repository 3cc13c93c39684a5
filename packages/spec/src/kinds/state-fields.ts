import type { NativeStep } from '../model.js';
import { nearest } from '../nearest.js';
import type { NormaliseContext } from '../normalise/context.js';
import type { PlainMap } from '../syntax/document.js';
import type { StepPosition } from './kind.js';

type StateType = NativeStep['type'];

const ofAll = ['Comment', 'InputPath', 'OutputPath', 'QueryLanguage', 'Output', 'Assign'];
const ofWorkers = ['Parameters', 'Arguments', 'ResultSelector', 'ResultPath', 'Retry', 'Catch'];
const waits = ['Seconds', 'SecondsPath', 'Timestamp', 'TimestampPath'];

/** The fields of each type of state, besides those of all types. Source: the Amazon States Language, "State Types". */
const fieldsOf: Readonly<Record<StateType, readonly string[]>> = {
  Pass: ['Result', 'ResultPath', 'Parameters'],
  Task: [
    ...ofWorkers,
    'Resource',
    'Credentials',
    'TimeoutSeconds',
    'TimeoutSecondsPath',
    'HeartbeatSeconds',
    'HeartbeatSecondsPath',
  ],
  Wait: waits,
  Succeed: [],
  Fail: ['Error', 'ErrorPath', 'Cause', 'CausePath'],
  Parallel: ofWorkers,
};

/**
 * Step Functions rejects a state that lacks a required field of its type, and one with an unknown field. Only a field
 * that is nearly a known one is reported as misspelt, because the States Language grows.
 */
export function checkStateFields(
  type: StateType,
  fields: PlainMap,
  { name, path }: StepPosition,
  { report }: NormaliseContext,
): void {
  const known = [...ofAll, ...fieldsOf[type]];
  const given = Object.keys(fields);
  for (const field of given) {
    const meant = known.includes(field) || isFlow(field) ? undefined : nearest(field, known);
    if (meant !== undefined && !given.includes(meant))
      report.error('unknown-field', [...path, field], `A ${type} state has no field \`${field}\`.`, {
        hint: `Did you mean \`${meant}\`?`,
        spot: 'key',
      });
  }
  const missing = (wanted: readonly string[]) =>
    wanted.every((field) => !given.includes(field)) &&
    !given.some((field) => !known.includes(field) && nearest(field, wanted) !== undefined);
  if (type === 'Task' && missing(['Resource']))
    report.error('missing-field', path, `\`Resource\` is missing in the Task \`${name}\`.`, {
      hint: 'Add `Resource`: the ARN of what runs, such as "arn:aws:states:::sns:publish".',
      spot: 'key',
    });
  if (type === 'Wait' && missing(waits))
    report.error('missing-field', path, `The Wait \`${name}\` does not say for how long, or until when.`, {
      hint: 'Add `Seconds` or `Timestamp`.',
      spot: 'key',
    });
}

/** Fields that determine the next state: they are not copied to the compiled state. */
const isFlow = (field: string): boolean => field === 'Next' || field === 'End';
