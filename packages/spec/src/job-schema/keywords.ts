import type { TemplatePath } from '../diagnostics.js';
import { nearest } from '../nearest.js';
import type { Report } from '../report.js';
import { inWords } from '../scalars/in-words.js';
import { isMap, type PlainMap } from '../syntax/document.js';

/** JSON Schema's types (draft 2020-12, Validation 6.1.1). */
const typeNames = ['string', 'number', 'integer', 'boolean', 'object', 'array', 'null'];

type Shape =
  | 'schema'
  | 'schemas'
  | 'map of schemas'
  | 'names'
  | 'number'
  | 'text'
  | 'pattern'
  | 'list'
  | 'flag'
  | 'any';

/** The keywords of JSON Schema, draft 2020-12, and what each must hold. */
const keywords: Readonly<Record<string, Shape>> = {
  $schema: 'text',
  $id: 'text',
  $ref: 'text',
  $anchor: 'text',
  $comment: 'text',
  $defs: 'map of schemas',
  definitions: 'map of schemas',
  title: 'text',
  description: 'text',
  default: 'any',
  examples: 'list',
  deprecated: 'flag',
  readOnly: 'flag',
  writeOnly: 'flag',
  type: 'any',
  enum: 'list',
  const: 'any',
  format: 'text',
  pattern: 'pattern',
  minLength: 'number',
  maxLength: 'number',
  multipleOf: 'number',
  minimum: 'number',
  maximum: 'number',
  exclusiveMinimum: 'number',
  exclusiveMaximum: 'number',
  items: 'schema',
  prefixItems: 'schemas',
  contains: 'schema',
  minContains: 'number',
  maxContains: 'number',
  minItems: 'number',
  maxItems: 'number',
  uniqueItems: 'flag',
  unevaluatedItems: 'schema',
  properties: 'map of schemas',
  patternProperties: 'map of schemas',
  additionalProperties: 'schema',
  unevaluatedProperties: 'schema',
  propertyNames: 'schema',
  required: 'names',
  dependentRequired: 'any',
  dependentSchemas: 'map of schemas',
  minProperties: 'number',
  maxProperties: 'number',
  allOf: 'schemas',
  anyOf: 'schemas',
  oneOf: 'schemas',
  not: 'schema',
  if: 'schema',
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  then: 'schema',
  else: 'schema',
};

/**
 * A schema with numbers and booleans where keywords need them: CloudFormation hands both to a macro as texts. Values of
 * `enum` and `const` become numbers where the type says so.
 */
export function withNumbers(schema: PlainMap): PlainMap {
  const isNumeric = schema['type'] === 'number' || schema['type'] === 'integer';
  const entries = Object.entries(schema).map(([keyword, value]): [string, unknown] => {
    if (keyword === 'enum' && isNumeric && Array.isArray(value)) return [keyword, value.map(numberIn)];
    if (keyword === 'const' && isNumeric) return [keyword, numberIn(value)];
    switch (Object.hasOwn(keywords, keyword) ? keywords[keyword] : undefined) {
      case 'number':
        return [keyword, numberIn(value)];
      case 'flag':
        return [keyword, flagIn(value)];
      case 'schema':
        return [keyword, isMap(value) ? withNumbers(value) : flagIn(value)];
      case 'schemas':
        return [keyword, Array.isArray(value) ? value.map((one) => (isMap(one) ? withNumbers(one) : one)) : value];
      case 'map of schemas': {
        if (!isMap(value)) return [keyword, value];
        const inner = Object.entries(value).map(([name, one]) => [name, isMap(one) ? withNumbers(one) : flagIn(one)]);
        return [keyword, Object.fromEntries(inner)];
      }
      default:
        return [keyword, value];
    }
  });
  return Object.fromEntries(entries);
}

const numberIn = (value: unknown): unknown =>
  typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value)) ? Number(value) : value;

const flagIn = (value: unknown): unknown => (value === 'true' ? true : value === 'false' ? false : value);

/**
 * Reports everything in a `JobSchema` that no validator could use: unknown keywords and types, patterns that are no
 * regular expressions, references to other documents.
 */
export function checkJobSchema(schema: unknown, path: TemplatePath, report: Report): void {
  if (typeof schema === 'boolean' && path.length > 1) return;
  if (!isMap(schema)) {
    wrong(report, path, `A schema must be a map, not ${inWords(schema)}.`);
    return;
  }
  for (const [keyword, value] of Object.entries(schema)) {
    const shape = Object.hasOwn(keywords, keyword) ? keywords[keyword] : undefined;
    const here = [...path, keyword];
    if (shape === undefined) {
      const near = nearest(keyword, Object.keys(keywords));
      report.error('bad-job-schema', here, `JSON Schema has no keyword \`${keyword}\`.`, {
        hint:
          near === undefined
            ? `Names of values are below \`properties\`: \`properties: {${keyword}: …}\`.`
            : `Did you mean \`${near}\`?`,
        spot: 'key',
      });
    } else if (keyword === 'type') checkType(value, here, report);
    else if (keyword === '$ref') checkReference(value, here, report);
    else checkKeyword(keyword, shape, value, here, report);
  }
}

function checkKeyword(keyword: string, shape: Shape, value: unknown, path: TemplatePath, report: Report): void {
  const must = (fits: boolean, what: string): void => {
    if (!fits) wrong(report, path, `\`${keyword}\` must be ${what}, not ${inWords(value)}.`);
  };
  switch (shape) {
    case 'schema':
      if (typeof value !== 'boolean') checkJobSchema(value, path, report);
      return;
    case 'schemas':
      must(Array.isArray(value), 'a list of schemas');
      if (Array.isArray(value))
        for (const [index, one] of value.entries()) checkJobSchema(one, [...path, index], report);
      return;
    case 'map of schemas':
      must(isMap(value), 'a map of schemas');
      if (!isMap(value)) return;
      for (const [name, one] of Object.entries(value)) {
        if (keyword === 'patternProperties') checkPattern(name, [...path, name], report);
        checkJobSchema(one, [...path, name], report);
      }
      return;
    case 'names':
      must(Array.isArray(value) && value.every((name) => typeof name === 'string'), 'a list of names');
      return;
    case 'number':
      must(typeof value === 'number', 'a number');
      return;
    case 'text':
      must(typeof value === 'string', 'a text');
      return;
    case 'flag':
      must(typeof value === 'boolean', 'true or false');
      return;
    case 'list':
      must(Array.isArray(value), 'a list');
      return;
    case 'pattern':
      must(typeof value === 'string', 'a regular expression');
      if (typeof value === 'string') checkPattern(value, path, report);
      return;
    case 'any':
      return;
  }
}

function checkType(value: unknown, path: TemplatePath, report: Report): void {
  for (const type of Array.isArray(value) ? value : [value]) {
    if (typeof type === 'string' && typeNames.includes(type)) continue;
    const near = typeof type === 'string' ? nearest(type, typeNames) : undefined;
    report.error('bad-job-schema', path, `There is no type ${JSON.stringify(type)} in JSON Schema.`, {
      hint: near === undefined ? `Use one of: ${typeNames.join(', ')}.` : `Did you mean \`${near}\`?`,
    });
  }
}

function checkReference(value: unknown, path: TemplatePath, report: Report): void {
  if (typeof value === 'string' && value.startsWith('#')) return;
  wrong(report, path, '`$ref` must name a part of this schema, like "#/$defs/lane": nothing else is read.');
}

function checkPattern(pattern: string, path: TemplatePath, report: Report): void {
  try {
    // As validators do, by JSON Schema's recommendation (draft 2020-12, Core 6.4).
    new RegExp(pattern, 'u');
  } catch (error) {
    wrong(report, path, `"${pattern}" is not a regular expression: ${error instanceof Error ? error.message : error}.`);
  }
}

const wrong = (report: Report, path: TemplatePath, message: string): void =>
  report.error('bad-job-schema', path, message, { hint: 'See https://json-schema.org/understanding-json-schema.' });
