import type { Static, TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { AwsError } from './aws-error.js';
import { membersOf } from './schema.js';

/**
 * Parses the input of an operation by its schema. Members that the schema does not name are ignored, as in AWS.
 *
 * @param code - the error's code: `ValidationException` in JSON services, `ValidationError` in Query services
 * @throws AwsError that lists every invalid member, with AWS's message
 *
 * @example
 * ```ts
 * const { Name } = parseInput(Type.Object({ Name: Type.String() }), input, 'ValidationException');
 * ```
 */
export function parseInput<const S extends TSchema>(schema: S, input: unknown, code: string): Static<S> {
  const value: unknown = input ?? {};
  if (Value.Check(schema, value)) return value;
  const problems = violations(schema, value).map(({ path, message }) => {
    const member = path.map((part) => part.charAt(0).toLowerCase() + part.slice(1)).join('.');
    const at = valueAt(value, path);
    const shown = at === undefined ? 'null' : typeof at === 'object' ? JSON.stringify(at) : `'${String(at)}'`;
    return `Value ${shown} at '${member}' failed to satisfy constraint: Member ${message}`;
  });
  const count = `${problems.length} validation error${problems.length === 1 ? '' : 's'} detected`;
  throw new AwsError(code, `${count}: ${problems.join('; ')}`);
}

/** The violations of a schema in a value: one entry for each path, with the schema's keyword. */
export function violations(schema: TSchema, value: unknown): { path: string[]; message: string }[] {
  const found = new Map<string, { path: string[]; message: string }>();
  for (const error of Value.Errors(schema, value)) {
    const params: Readonly<Record<string, unknown>> = { ...error.params };
    const path = error.instancePath.split('/').slice(1).map(unescapePointer);
    const missing = params['requiredProperties'];
    if (error.keyword === 'required' && Array.isArray(missing)) {
      for (const name of missing) remember([...path, String(name)], 'must not be null');
    } else remember(path, constraint(error.keyword, params) ?? error.message);
  }
  for (const { path, message } of enumerations(schema, value, [])) found.set(path.join('/'), { path, message });
  return [...found.values()];

  function remember(path: string[], message: string) {
    const key = path.join('/');
    if (!found.has(key)) found.set(key, { path, message });
  }
}

/** AWS's words for a violated limit of a schema. */
function constraint(keyword: string, { limit }: Readonly<Record<string, unknown>>): string | undefined {
  switch (keyword) {
    case 'minimum':
      return `must have value greater than or equal to ${limit}`;
    case 'maximum':
      return `must have value less than or equal to ${limit}`;
    case 'minLength':
    case 'minItems':
      return `must have length greater than or equal to ${limit}`;
    case 'maxLength':
    case 'maxItems':
      return `must have length less than or equal to ${limit}`;
    default:
      return undefined;
  }
}

/** The members whose value is none of the texts that the schema lists. */
function* enumerations(
  schema: TSchema,
  value: unknown,
  path: readonly string[],
): Generator<{ path: string[]; message: string }> {
  const texts = textsOf(schema);
  if (texts !== undefined && value !== undefined && !texts.some((text) => text === value))
    yield { path: [...path], message: `must satisfy enum value set: [${texts.join(', ')}]` };
  if (typeof value !== 'object' || value === null) return;
  for (const [name, member] of membersOf(schema))
    yield* enumerations(member, Reflect.get(value, name), [...path, name]);
}

/** The texts of a union of literals. */
function textsOf(schema: TSchema): readonly string[] | undefined {
  const choices: unknown = 'anyOf' in schema ? schema.anyOf : undefined;
  if (!Array.isArray(choices)) return undefined;
  const texts = choices.flatMap((choice: object) =>
    'const' in choice && typeof choice.const === 'string' ? [choice.const] : [],
  );
  return texts.length === choices.length ? texts : undefined;
}

const unescapePointer = (part: string) => part.replaceAll('~1', '/').replaceAll('~0', '~');

function valueAt(value: unknown, path: readonly string[]): unknown {
  let at = value;
  for (const part of path) at = typeof at === 'object' && at !== null ? Reflect.get(at, part) : undefined;
  return at;
}
