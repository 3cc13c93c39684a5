import { isList, isObject, type Json, type JsonObject } from '../json.js';

/** Returns the member of that name if it is a string. */
export function textOf(from: JsonObject | undefined, name: string): string | undefined {
  const value = from?.[name];
  return typeof value === 'string' ? value : undefined;
}

/** Returns the member of that name if it is an object. */
export function objectOf(from: JsonObject | undefined, name: string): JsonObject | undefined {
  const value = from?.[name];
  return isObject(value) ? value : undefined;
}

/** Returns the objects in the list of that name. */
export function objectsOf(from: JsonObject | undefined, name: string): readonly JsonObject[] {
  return listOf(from, name).filter(isObject);
}

/** Returns the strings in the list of that name. */
export function textsOf(from: JsonObject | undefined, name: string): readonly string[] {
  return listOf(from, name).filter((item) => typeof item === 'string');
}

function listOf(from: JsonObject | undefined, name: string): readonly Json[] {
  const value = from?.[name];
  return isList(value) ? value : [];
}

/** Returns the named members that are present. */
export function pick(from: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = from[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** Returns all members except the named ones. */
export function without(from: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(from).filter(([name]) => !names.includes(name)));
}

/** Returns a string that the schema requires. */
export function requiredText(from: JsonObject, name: string): string {
  const value = textOf(from, name);
  if (value === undefined) throw new TypeError(`The property ${name} is no text although its schema demands one.`);
  return value;
}

/** Converts a document to the text that services expect; text is returned unchanged. */
export function documentText(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
