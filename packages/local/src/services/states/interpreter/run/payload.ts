import { type Json, parseJson } from '../data/json.js';
import { StateError } from '../data/state-error.js';

/** Data between states, with the JSON text that is needed for the history, the journal and the size limit. */
export interface Payload {
  readonly value: Json;
  readonly text: string;
}

/** "Maximum input or output size for a task, state, or execution": 256 KiB of UTF-8. */
export const maximumPayloadBytes = 262_144;

/** Returns true if a text is larger than the data that Step Functions passes between states. */
export function tooLarge(text: string): boolean {
  // A UTF-16 code unit is at most three bytes of UTF-8, so short texts need not be counted.
  return text.length * 3 > maximumPayloadBytes && Buffer.byteLength(text) > maximumPayloadBytes;
}

/**
 * @param source the name in the error message: the state or the task's resource type
 * @throws StateError States.DataLimitExceeded
 */
export function payloadOf(value: Json, source: string): Payload {
  const text = JSON.stringify(value);
  if (tooLarge(text)) throw dataLimitExceeded(source);
  return { value, text };
}

export const payloadFrom = (text: string): Payload => ({ value: parseJson(text), text });

export const dataLimitExceeded = (source: string): StateError =>
  new StateError(
    'States.DataLimitExceeded',
    `The state/task '${source}' returned a result with a size exceeding the maximum number of bytes service limit.`,
  );
