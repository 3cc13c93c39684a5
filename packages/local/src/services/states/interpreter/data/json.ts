/** JSON data as Step Functions passes it between states. Never mutated. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isArray(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** Returns the value of an object's own key; `undefined` for inherited ones such as `constructor`. */
export function member(object: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** @throws SyntaxError when the text is not JSON */
export function parseJson(text: string): Json {
  return JSON.parse(text);
}

/** Jackson's limit, which Step Functions reads JSON with; nothing that recurses over a value overflows the stack below it. */
const deepestNesting = 1000;

/** Returns true if arrays and objects are nested more deeply than Step Functions reads. */
export function isTooDeep(value: Json): boolean {
  let level: Json[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > deepestNesting) return true;
    level = level.flatMap((item): readonly Json[] =>
      isArray(item) ? item : isObject(item) ? Object.values(item) : [],
    );
  }
  return false;
}

/** Deep equality; the order of object keys is ignored. */
export function equalJson(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (isArray(a)) return isArray(b) && a.length === b.length && a.every((item, index) => equalJson(item, b[index]));
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && equalJson(member(a, key), member(b, key)))
  );
}

/** Returns the same text for equal values, regardless of the order of object keys. */
export function canonicalJson(value: Json): string {
  return JSON.stringify(value, (_, part: Json) =>
    isObject(part) ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part,
  );
}
