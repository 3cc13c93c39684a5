import type { Static, TSchema } from 'typebox';
import { Compile, type Validator } from 'typebox/compile';
import { Value } from 'typebox/value';

/** Checks after which compiling a schema has cost less than interpreting it again and again. */
const interpretedChecks = 20;

const validators = new WeakMap<TSchema, Validator>();
const checks = new WeakMap<TSchema, number>();

/**
 * Returns true if a value has the shape of a schema. A schema is interpreted for the first values and then compiled:
 * most commands read a small template, once. Where a content security policy forbids that, TypeBox interprets it.
 */
export function hasShape<Schema extends TSchema>(schema: Schema, value: unknown): value is Static<Schema> {
  return validatorOf(schema)?.Check(value) ?? Value.Check(schema, value);
}

function validatorOf(schema: TSchema): Validator | undefined {
  const compiled = validators.get(schema);
  if (compiled !== undefined) return compiled;
  const count = (checks.get(schema) ?? 0) + 1;
  checks.set(schema, count);
  if (count <= interpretedChecks) return undefined;
  const validator = Compile(schema);
  validators.set(schema, validator);
  return validator;
}
