import { type Arguments, typeError, typeName, type Value } from './values.js';

/**
 * Binds a call's arguments to a function's parameters, as Python does.
 *
 * @param name of the function, for errors
 * @param args of the call
 * @param parameters names in order; `?` after an optional one, `*` before a keyword-only one, `/` before a
 * positional-only one
 * @returns values in the order of the parameters; undefined where an optional one was not given
 */
export function bind(name: string, args: Arguments, parameters: readonly string[]): (Value | undefined)[] {
  const specs = parameters.map((parameter) => ({
    name: parameter.replace(/^[*/]/, '').replace(/\?$/, ''),
    optional: parameter.endsWith('?'),
    positional: !parameter.startsWith('*'),
    keyword: !parameter.startsWith('/'),
  }));
  const allowed = specs.filter((spec) => spec.positional).length;
  if (args.positional.length > allowed)
    throw typeError(
      `${name}() takes at most ${allowed} positional argument${allowed === 1 ? '' : 's'} (${args.positional.length} given)`,
    );
  for (const given of args.named.keys())
    if (!specs.some((spec) => spec.keyword && spec.name === given))
      throw typeError(`${name}() got an unexpected keyword argument '${given}'`);
  return specs.map((spec, index) => {
    const byName = args.named.get(spec.name);
    const value = spec.positional ? args.positional[index] : undefined;
    if (value !== undefined && byName !== undefined)
      throw typeError(`${name}() got multiple values for argument '${spec.name}'`);
    if (value === undefined && byName === undefined && !spec.optional)
      throw typeError(`${name}() missing required argument: '${spec.name}'`);
    return value === undefined ? byName : value;
  });
}

/** An argument that must be an int (a bool counts as one). */
export function integer(value: Value): bigint {
  if (typeof value === 'boolean') return BigInt(value);
  if (typeof value === 'bigint') return value;
  throw typeError(`'${typeName(value)}' object cannot be interpreted as an integer`);
}

/** An argument that must be a string. */
export function text(value: Value, what: string): string {
  if (typeof value === 'string') return value;
  throw typeError(`${what} must be str, not ${typeName(value)}`);
}

/** A method without parameters. */
export function plain<Self>(name: string, result: (self: Self) => Value): (self: Self, args: Arguments) => Value {
  return (self, args) => {
    bind(name, args, []);
    return result(self);
  };
}
