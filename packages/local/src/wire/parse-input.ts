import type { Static, TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { AwsError } from './aws-error.js';

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
    } else remember(path, error.message);
  }
  return [...found.values()];

  function remember(path: string[], message: string) {
    const key = path.join('/');
    if (!found.has(key)) found.set(key, { path, message });
  }
}

const unescapePointer = (part: string) => part.replaceAll('~1', '/').replaceAll('~0', '~');

function valueAt(value: unknown, path: readonly string[]): unknown {
  let at = value;
  for (const part of path) at = typeof at === 'object' && at !== null ? Reflect.get(at, part) : undefined;
  return at;
}
