import type { Value } from '../../definition/model.js';
import { evaluateValue, type Scope } from './data-flow.js';
import { isArray, type Json } from './json.js';
import { printed } from './printed.js';
import { QueryEvaluationError, runtimeError, type StateError } from './state-error.js';

/** The numbers that a field accepts. */
export interface Accepted {
  readonly least: number;
  /** Fractions are accepted, too. */
  readonly fraction?: boolean;
}

const typeOf = (value: Json): string => (value === null ? 'null' : isArray(value) ? 'array' : typeof value);

/** A JSONata expression whose value has the wrong type, in Step Functions' wording. */
export function unexpectedType(
  { source, field }: { readonly source: string; readonly field: string },
  expected: string,
  value: Json,
): StateError {
  return new QueryEvaluationError(
    `The JSONata expression '${source}' specified for the field '${field}' returned an unexpected result type. Expected '${expected}', but was '${typeOf(value)}' for value: ${JSON.stringify(value)}`,
    field,
  );
}

const integerText = /^[+-]?\d+$/;
const fractionText = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** Step Functions also reads numbers that a path finds as text. */
function numberIn(value: Json, fraction: boolean): number | undefined {
  const number =
    typeof value === 'string' && (fraction ? fractionText : integerText).test(value) ? Number(value) : value;
  return typeof number === 'number' && (fraction || Number.isInteger(number)) ? number : undefined;
}

/**
 * Evaluates a field to a number.
 *
 * @throws StateError States.Runtime when it is not such a number, or in JSONata States.QueryEvaluationError
 */
export async function numberOf(value: Value<number>, scope: Scope, accepted: Accepted): Promise<number> {
  const { least, fraction = false } = accepted;
  const found = await evaluateValue(value, scope);
  if (value.kind === 'jsonata' && typeof found !== 'number') throw unexpectedType(value, 'number', found);
  const number = numberIn(found, fraction);
  const field = value.kind === 'literal' ? 'value' : value.field;
  if (number === undefined) {
    const path = value.kind === 'reference' ? `: ${value.text}` : '';
    const cause = `The ${field} field refers to value "${printed(found)}" which is not a valid ${fraction ? 'float' : 'integer'}${path}`;
    throw value.kind === 'jsonata' ? new QueryEvaluationError(cause, field) : runtimeError(cause);
  }
  if (number >= least) return number;
  const cause = `The ${field} must be a number that is at least ${least}, but was '${number}'`;
  throw value.kind === 'jsonata' ? new QueryEvaluationError(cause, field) : runtimeError(cause);
}
