import { isArray, isObject, type Json } from './json.js';
import { StateError } from './state-error.js';

/**
 * Maximum size of the value of one field, far more than the 256 KiB that Step Functions passes between states. Values
 * share their parts, so a template that references its input a thousand times uses no memory until it is serialized;
 * the size is checked before that.
 */
export const maximumExtent = 16 << 20;

/**
 * Returns the value unchanged if it is small enough to be serialized.
 *
 * @throws StateError States.DataLimitExceeded
 */
export function withinExtent(value: Json, what: string): Json {
  if (exceeds(value, maximumExtent))
    throw new StateError('States.DataLimitExceeded', `${what} gave a result that exceeds the maximum number of bytes.`);
  return value;
}

/** Returns true if the JSON of a value is certainly longer than the limit; stops reading as soon as that is known. */
function exceeds(value: Json, limit: number): boolean {
  if (typeof value === 'string') return value.length > limit;
  const rest: Json[] = [value];
  let size = 0;
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
    size += typeof next === 'string' ? next.length : 1;
    if (size > limit) return true;
    if (isArray(next)) for (const item of next) rest.push(item);
    else if (isObject(next))
      for (const [key, item] of Object.entries(next)) {
        size += key.length;
        rest.push(item);
      }
  }
  return false;
}
