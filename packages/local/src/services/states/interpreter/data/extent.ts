import { isArray, isObject, type Json } from './json.js';
import { StateError } from './state-error.js';

/**
 * What one field may give: far more than the 256 KiB that Step Functions passes on. Values share their parts, so that a
 * template which names its input a thousand times costs nothing until it is written out; this is looked at before.
 */
export const maximumExtent = 16 << 20;

/**
 * Passes a value on that is not too large to be written out.
 *
 * @throws StateError States.DataLimitExceeded
 */
export function withinExtent(value: Json, what: string): Json {
  if (exceeds(value, maximumExtent))
    throw new StateError('States.DataLimitExceeded', `${what} gave a result that exceeds the maximum number of bytes.`);
  return value;
}

/** Whether a value's JSON is certainly longer than that; looks at no more of it than it has to. */
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
