import { isArray, isObject, type Json } from '../data/json.js';

/**
 * Step Functions writes every member in PascalCase, regardless of the API. Maps with user-defined keys are not changed.
 */
const userMaps: ReadonlySet<string> = new Set(['parameters', 'tags', 'labels', 'variables', 'logOptions', 'options']);

const lower = (name: string) => name.charAt(0).toLowerCase() + name.slice(1);
const upper = (name: string) => name.charAt(0).toUpperCase() + name.slice(1);

function rename(value: Json, change: (name: string) => string): Json {
  if (isArray(value)) return value.map((item) => rename(item, change));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      change(name),
      userMaps.has(lower(name)) && isObject(item) ? item : rename(item, change),
    ]),
  );
}

/** `JobName` → `jobName`, at every depth. */
export const camelCase = (value: Json): Json => rename(value, lower);

/** `jobName` → `JobName`, at every depth. */
export const pascalCase = (value: Json): Json => rename(value, upper);
