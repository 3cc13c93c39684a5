import type { Budget } from './budget.js';
import { iterate, typeError, typeName, type Value } from './values.js';

/**
 * Iterates over a value, counting each item as a step.
 *
 * @throws EvaluationFailure `TypeError`, at once, when the value is not iterable
 */
export function visit(value: Value, budget: Budget): Generator<Value, void> {
  const items = iterate(value);
  if (items === undefined) throw typeError(`'${typeName(value)}' object is not iterable`);
  return counted(items, budget);
}

function* counted(items: Iterator<Value>, budget: Budget): Generator<Value, void> {
  for (let next = items.next(); !next.done; next = items.next()) {
    budget.spend();
    yield next.value;
  }
}
