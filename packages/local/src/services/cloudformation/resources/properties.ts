import type { TSchema } from 'typebox';
import { violations } from '../../../wire/parse-input.js';
import { validationError } from '../errors.js';
import { isList, isObject, type Json, type JsonObject } from '../json.js';
import type { ResourceType } from './resource-type.js';

/**
 * Converts the properties of a resource to the types in its schema, as CloudFormation does: `"30"` where a number is
 * expected, `5` where a string is expected.
 *
 * @throws AwsError `ValidationError`, "Properties validation failed for resource …"
 */
export function checkProperties(type: ResourceType, logicalId: string, given: JsonObject): JsonObject {
  const properties = coerce(type.properties, given);
  const problems = violations(type.properties, properties).map(({ path, message }) => {
    const place = `#${path.length === 0 ? '' : `/${path.join('/')}`}`;
    if (message === 'schema is false') return `#${parent(path)}: extraneous key [${path.at(-1)}] is not permitted`;
    if (message === 'must not be null') return `#${parent(path)}: required key [${path.at(-1)}] not found`;
    return `${place}: ${message}`;
  });
  const worth = problems.filter((problem) => !problem.endsWith('must not have additional properties'));
  if (worth.length > 0)
    throw validationError(`Properties validation failed for resource ${logicalId} with message:\n${worth.join('\n')}`);
  return isObject(properties) ? properties : given;
}

function parent(path: readonly string[]): string {
  return path.length < 2 ? '' : `/${path.slice(0, -1).join('/')}`;
}

function coerce(schema: TSchema, value: Json): Json {
  const shape: Readonly<Record<string, unknown>> = { ...schema };
  switch (shape['type']) {
    case 'string':
      return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
    case 'integer':
    case 'number':
      return typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value)) ? Number(value) : value;
    case 'boolean':
      return value === 'true' ? true : value === 'false' ? false : value;
    case 'array':
      return isList(value) && isSchema(shape['items']) ? coerceItems(shape['items'], value) : value;
    case 'object':
      return isObject(value) ? coerceMembers(shape, value) : value;
    default:
      return value;
  }
}

const coerceItems = (schema: TSchema, items: readonly Json[]) => items.map((item) => coerce(schema, item));

function coerceMembers(shape: Readonly<Record<string, unknown>>, value: JsonObject): JsonObject {
  const members = isSchemas(shape['properties']) ? shape['properties'] : {};
  const patterns = isSchemas(shape['patternProperties']) ? Object.values(shape['patternProperties']) : [];
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      const schema = Object.hasOwn(members, key) ? members[key] : patterns[0];
      return [key, schema === undefined ? item : coerce(schema, item)];
    }),
  );
}

function isSchema(value: unknown): value is TSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSchemas(value: unknown): value is Readonly<Record<string, TSchema>> {
  return isSchema(value);
}
