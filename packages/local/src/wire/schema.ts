import type { TSchema } from 'typebox';

/** The type keyword of a schema: `string`, `integer`, `boolean`, `array`, `object`. */
export function typeOf(schema: TSchema): string | undefined {
  return 'type' in schema && typeof schema.type === 'string' ? schema.type : undefined;
}

/** The members of an object's schema. */
export function membersOf(schema: TSchema): [string, TSchema][] {
  return 'properties' in schema ? Object.entries(Object(schema.properties)) : [];
}

/** The schema of a list's items. */
export function itemsOf(schema: TSchema): TSchema {
  return 'items' in schema ? Object(schema.items) : {};
}

/** The schema of a map's values; `undefined` for anything except a map, whose keys are chosen by the caller. */
export function valuesOf(schema: TSchema): TSchema | undefined {
  if (!('patternProperties' in schema)) return undefined;
  const [values]: unknown[] = Object.values(Object(schema.patternProperties));
  return Object(values);
}

/** Converts a text value to the type of its schema; text that does not match the type stays text. */
export function fromText(schema: TSchema, text: string): unknown {
  switch (typeOf(schema)) {
    case 'integer':
      return /^-?\d+$/.test(text) ? Number(text) : text;
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : text;
    default:
      return text;
  }
}
