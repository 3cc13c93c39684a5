import { Type } from 'typebox';
import { type Operations, operationFactory, operationTable, type RequestContext } from '../src/operation.js';

export type Handlers = Readonly<
  // biome-ignore lint/suspicious/noExplicitAny: a test knows what it sends to its own operations
  Record<string, (input: any, request: RequestContext) => unknown>
>;

/** Operations that accept any input. */
export function operationsOf(handlers: Handlers): Operations {
  const operation = operationFactory('ValidationException');
  return operationTable(
    Object.entries(handlers).map(([name, handler]) => operation(name, Type.Unsafe<unknown>({}), handler)),
  );
}
