import { type Static, type TArray, type TObject, type TRecord, type TSchema, Type } from 'typebox';
import { Value } from 'typebox/value';
import type { TemplatePath } from '../diagnostics.js';
import { didYouMean, nearest } from '../nearest.js';
import type { Report } from '../report.js';
import { inWords } from '../scalars/in-words.js';
import { isMap, type PlainMap, setEntry } from '../syntax/document.js';
import { hasShape } from './validator.js';

/** Represents a value that could not be repaired. */
const broken = Symbol('broken');

/**
 * Checks a value against a schema and reports every mistake at its own place, in words.
 *
 * @returns the value; if there are mistakes, the value without them, completed from `placeholder`; undefined when
 * nothing usable is left
 */
export function checkShape<Schema extends TSchema>(
  schema: Schema,
  value: unknown,
  path: TemplatePath,
  report: Report,
  placeholder?: PlainMap,
): { readonly value: Static<Schema>; readonly sound: boolean } | undefined {
  if (hasShape(schema, value)) return { value, sound: true };
  const rest = withoutMistakes(schema, value, path, report);
  const filled = isMap(rest) && placeholder !== undefined ? { ...placeholder, ...rest } : rest;
  return Value.Check(schema, filled) ? { value: filled, sound: false } : undefined;
}

/**
 * Suggests where an unknown field of this map belongs: in a map inside it, or in the one around it.
 *
 * @param around the schema of the map around this one
 */
function placeOf(key: string, schema: TObject, around: TObject | undefined): string | undefined {
  const inside = Object.entries(schema.properties).find(([, property]) =>
    [property, ...(Type.IsUnion(property) ? property.anyOf : [])].some(
      (option) => Type.IsObject(option) && Object.hasOwn(option.properties, key),
    ),
  );
  if (inside !== undefined) return `It belongs one level deeper: \`${inside[0]}: {${key}: …}\`.`;
  return around !== undefined && Object.hasOwn(around.properties, key)
    ? 'It belongs one level higher: indent it less.'
    : undefined;
}

/**
 * A part of the value without its mistakes; `broken` when the schema does not accept the rest.
 *
 * @param around the schema of the map that the part is in
 */
function heal(schema: TSchema, value: unknown, path: TemplatePath, report: Report, around?: TObject): unknown {
  if (Value.Check(schema, value)) return value;
  const rest = withoutMistakes(schema, value, path, report, around);
  if (rest !== broken && Value.Check(schema, rest)) return rest;
  // With a stand-in for missing parts, a broken item of a list does not invalidate the other items.
  const standIn: unknown = 'standIn' in schema ? schema.standIn : undefined;
  if (!isMap(standIn)) return broken;
  const filled: PlainMap = { ...standIn };
  if (isMap(rest)) for (const [key, entry] of Object.entries(rest)) setEntry(filled, key, entry);
  return Value.Check(schema, filled) ? filled : broken;
}

/** Reports every mistake in a value and removes it: required parts may be missing from the result. */
function withoutMistakes(
  schema: TSchema,
  value: unknown,
  path: TemplatePath,
  report: Report,
  around?: TObject,
): unknown {
  const specific = alternative(schema, value);
  if (specific !== undefined && !(isIntrinsic(value) && acceptsText(schema))) {
    if (Type.IsRecord(specific) && isMap(value)) return healRecord(specific, schema, value, path, report);
    if (Type.IsObject(specific) && isMap(value)) return healObject(specific, value, path, report, around);
    if (Type.IsArray(specific) && Array.isArray(value)) return healArray(specific, schema, value, path, report, around);
  }
  reportMismatch(schema, value, path, report);
  return broken;
}

/** The part of a union that a value is probably meant for, by its type: maps for maps, lists for lists. */
function alternative(schema: TSchema, value: unknown): TSchema | undefined {
  const options = Type.IsUnion(schema) ? schema.anyOf : [schema];
  if (Array.isArray(value)) return options.find((option) => Type.IsArray(option));
  if (!isMap(value)) return undefined;
  const maps = options.filter((option) => Type.IsObject(option) || Type.IsRecord(option));
  // A map with one of an object's fields is meant for it, rather than for a map of any names.
  const hasField = (option: TSchema) =>
    Type.IsObject(option) && Object.keys(value).some((key) => Object.hasOwn(option.properties, key));
  return maps.find(hasField) ?? maps.find((option) => Type.IsRecord(option)) ?? maps[0];
}

function healObject(
  schema: TObject,
  value: PlainMap,
  path: TemplatePath,
  report: Report,
  around: TObject | undefined,
): PlainMap {
  const rest: PlainMap = {};
  const known = Object.keys(schema.properties);
  const isOpen = 'additionalProperties' in schema && schema.additionalProperties === true;
  for (const [key, entry] of Object.entries(value)) {
    const property = Object.hasOwn(schema.properties, key) ? schema.properties[key] : undefined;
    if (property === undefined) {
      if (isOpen) setEntry(rest, key, entry);
      else
        report.error('unknown-field', [...path, key], `There is no field \`${key}\` here.`, {
          hint: () =>
            placeOf(key, schema, around) ??
            didYouMean(
              key,
              known.filter((name) => !Object.hasOwn(value, name)),
            ),
          spot: 'key',
        });
      continue;
    }
    const healed = heal(property, entry, [...path, key], report, schema);
    if (healed !== broken) setEntry(rest, key, healed);
  }
  for (const name of schema.required ?? []) {
    if (Object.hasOwn(value, name)) continue;
    const misspelt = nearest(
      name,
      Object.keys(value).filter((key) => !known.includes(key)),
    );
    if (misspelt !== undefined && !isOpen) continue;
    report.error('missing-field', path, `\`${name}\` is missing.`, {
      hint: `Add \`${name}\`: ${expectation(schema.properties[name])}.`,
      spot: 'key',
    });
  }
  return rest;
}

function healRecord(schema: TRecord, whole: TSchema, value: PlainMap, path: TemplatePath, report: Report): unknown {
  const [pattern, entrySchema] = Object.entries(schema.patternProperties)[0] ?? [];
  if (pattern === undefined || entrySchema === undefined) return value;
  const allowed = new RegExp(pattern, 'u');
  const rest: PlainMap = {};
  for (const [key, entry] of Object.entries(value)) {
    const here = [...path, key];
    if (!allowed.test(key)) {
      report.error('bad-name', here, `\`${key}\` cannot be a name here.`, {
        hint: 'Use letters and digits only.',
        spot: 'key',
      });
      continue;
    }
    const healed = heal(entrySchema, entry, here, report);
    if (healed !== broken) setEntry(rest, key, healed);
  }
  const least = 'minProperties' in schema ? schema.minProperties : undefined;
  if (typeof least === 'number' && Object.keys(value).length !== least) {
    reportMismatch(whole, value, path, report);
    return broken;
  }
  return rest;
}

function healArray(
  schema: TArray,
  whole: TSchema,
  value: readonly unknown[],
  path: TemplatePath,
  report: Report,
  around: TObject | undefined,
): unknown {
  const least = 'minItems' in schema ? schema.minItems : undefined;
  if (typeof least === 'number' && value.length < least) {
    reportMismatch(whole, value, path, report);
    return broken;
  }
  const rest = value.map((item, index) => heal(schema.items, item, [...path, index], report, around));
  return rest.includes(broken) ? broken : rest;
}

function reportMismatch(schema: TSchema, value: unknown, path: TemplatePath, report: Report): void {
  const field = path.findLast((segment) => typeof segment === 'string');
  const subject =
    field === undefined
      ? 'The template'
      : typeof path.at(-1) === 'number'
        ? `An entry of \`${field}\``
        : `\`${field}\``;
  report.error(
    'wrong-type',
    path,
    `${subject} must be ${expectation(schema)}, not ${inWords(value)}.`,
    hintFor(schema, value),
  );
}

function hintFor(schema: TSchema, value: unknown): { hint?: string } {
  if (value === null) return { hint: 'Write a value, or remove the key.' };
  const meant = typeof value === 'string' && Value.Check(schema, true) ? flagWords.get(value.toLowerCase()) : undefined;
  if (meant !== undefined)
    return { hint: `Write \`${meant}\`: in YAML 1.2, which bclaw reads, "${String(value)}" is a text.` };
  const fixed = hintForChoice(schema, value);
  if (fixed !== undefined) return { hint: fixed };
  if (isMap(value) && acceptsText(schema)) {
    if (isIntrinsic(value))
      return { hint: 'bclaw replaces `${Name}` in texts by itself: write that instead of an intrinsic function.' };
    const [entry] = Object.values(value);
    if (typeof entry === 'string') return { hint: 'A text that contains ": " must be quoted.' };
  }
  if ((typeof value === 'number' || typeof value === 'boolean') && acceptsText(schema) && !acceptsNumber(schema))
    return { hint: 'Put quotes around it.' };
  return {};
}

/** Other words for true and false in YAML 1.1, and therefore in CloudFormation. */
const flagWords: ReadonlyMap<string, boolean> = new Map([
  ['yes', true],
  ['on', true],
  ['y', true],
  ['no', false],
  ['off', false],
  ['n', false],
]);

/** Returns true if a map is an intrinsic function of CloudFormation, `{Ref: …}` or `{Fn::…: …}`. */
function isIntrinsic(value: unknown): boolean {
  if (!isMap(value)) return false;
  const keys = Object.keys(value);
  return keys.length === 1 && keys.some((key) => key === 'Ref' || key.startsWith('Fn::'));
}

/** The hint for a field that accepts one of a few words. */
function hintForChoice(schema: TSchema, value: unknown): string | undefined {
  if (typeof value !== 'string' || !Type.IsUnion(schema)) return undefined;
  const words = schema.anyOf.flatMap((option) => (Type.IsLiteral(option) ? [String(option.const)] : []));
  const near = nearest(value, words);
  if (near !== undefined) return `Did you mean \`${near}\`?`;
  const instead = 'instead' in schema && isMap(schema.instead) ? schema.instead[value] : undefined;
  return typeof instead === 'string' ? instead : undefined;
}

const acceptsText = (schema: TSchema): boolean => Value.Check(schema, 'text') || Value.Check(schema, 's3://bucket/key');

/** If so, a rejected number is out of range, and quotes do not help. */
const acceptsNumber = (schema: TSchema): boolean => Value.Check(schema, 1);

/** Describes the values that a schema accepts. */
function expectation(schema: TSchema | undefined): string {
  return schema !== undefined && 'expects' in schema && typeof schema.expects === 'string'
    ? schema.expects
    : 'another value';
}
