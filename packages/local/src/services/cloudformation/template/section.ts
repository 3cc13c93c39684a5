import { validationError } from '../errors.js';
import { isObject, type JsonObject } from '../json.js';

/** A top-level section that is a map; empty when it is missing. */
export function section(source: JsonObject, name: string): JsonObject {
  const value = source[name];
  if (value === undefined) return {};
  if (!isObject(value))
    throw validationError(`Template format error: [/${name}] must be a map of names to definitions.`);
  return value;
}
