import type { Static, TSchema } from 'typebox';
import { Compile, type Validator } from 'typebox/compile';
import { Value } from 'typebox/value';

/** Compiling a schema takes as long as checking this many steps without. */
const worthCompiling = 60;

interface Use {
  count: number;
  validator?: Validator;
}

const uses = new WeakMap<TSchema, Use>();

/**
 * Whether a value has the shape of a schema. A schema that is used often, as in large templates, is compiled; where a
 * content security policy forbids that, TypeBox goes on interpreting it.
 */
export function hasShape<Schema extends TSchema>(schema: Schema, value: unknown): value is Static<Schema> {
  const use = uses.get(schema) ?? { count: 0 };
  use.count += 1;
  uses.set(schema, use);
  if (use.count < worthCompiling) return Value.Check(schema, value);
  use.validator ??= Compile(schema);
  return use.validator.Check(value);
}
