import { isList, isObject, type Json, type JsonObject } from '../json.js';

/** Members whose keys are the user's: they are no names of the API. */
const maps = new Set(['Annotations', 'DriverOpts', 'Labels', 'Limits', 'Options', 'Parameters', 'Requests', 'Tags']);

/**
 * Properties of a template (`ContainerProperties`) under the names of an API that writes its members with a small letter
 * first (`containerProperties`), all the way down.
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
