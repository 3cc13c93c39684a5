import { isList, isObject, type Json, type JsonObject } from '../json.js';

/** Members whose keys are defined by the user, not by the API. */
const maps = new Set(['Annotations', 'DriverOpts', 'Labels', 'Limits', 'Options', 'Parameters', 'Requests', 'Tags']);

/**
 * Renames the properties of a template (`ContainerProperties`) for an API whose members begin in lower case
 * (`containerProperties`), at every depth.
 */
export function lowerMembers(properties: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(properties).map(([name, value]) => [
      name.charAt(0).toLowerCase() + name.slice(1),
      maps.has(name) && isObject(value) ? value : lowerWithin(value),
    ]),
  );
}

function lowerWithin(value: Json): Json {
  if (isList(value)) return value.map(lowerWithin);
  return isObject(value) ? lowerMembers(value) : value;
}
