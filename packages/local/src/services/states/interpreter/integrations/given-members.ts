import type { TSchema } from 'typebox';
import { itemsOf, membersOf, typeOf, valuesOf } from '../../../../wire/schema.js';
import { isArray, isObject, type Json, type JsonObject } from '../data/json.js';

/**
 * Fits the members that a definition gives to an operation's input, as Step Functions does: a null is dropped, as if it
 * were not there, and JSON where the operation expects text becomes its text.
 *
 * @param schema the schema of the input; undefined where it is not known
 */
export function givenMembers(input: JsonObject, schema: TSchema | undefined): JsonObject {
  return Object.fromEntries(
    Object.entries(input).flatMap(([name, value]) =>
      value === null ? [] : [[name, fitted(value, memberOf(schema, name))]],
    ),
  );
}

function fitted(value: Json, schema: TSchema | undefined): Json {
  const text = schema !== undefined && typeOf(schema) === 'string' && typeof value === 'object';
  if (text) return JSON.stringify(value);
  if (isArray(value)) return value.map((item) => fitted(item, schema && itemsOf(schema)));
  return isObject(value) ? givenMembers(value, schema) : value;
}

/** Definitions write members in PascalCase, whatever the case of the API's own. */
function memberOf(schema: TSchema | undefined, name: string): TSchema | undefined {
  if (schema === undefined) return undefined;
  const members = Object.fromEntries(membersOf(schema));
  const camel = `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
  return members[name] ?? members[camel] ?? valuesOf(schema);
}
