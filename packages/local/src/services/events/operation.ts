import Type, { type Static, type TObject } from 'typebox';
import { type Operation, operationFactory } from '../../operation.js';
import { AwsError } from '../../wire/aws-error.js';
import { pageOf, sortedBy } from '../../wire/page.js';

const invalid = 'ValidationException';

export const operation = operationFactory(invalid);

export const validationException = (message: string) => new AwsError(invalid, message);

export const text = Type.Optional(Type.String());
export const nameOrId = Type.String({ minLength: 1, maxLength: 64, pattern: '^[.\\-_A-Za-z0-9]+$' });
export const paging = { NextToken: text, Limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })) };

/** An operation on a bus; the engine has only the default one. */
export function busOperation<const S extends TObject>(
  name: string,
  input: S,
  handler: (input: Static<S>) => unknown,
): Operation {
  return operation(name, input, (given) => {
    const bus: unknown = Reflect.get(Object(given), 'EventBusName');
    if (bus !== undefined && !isDefaultBus(String(bus)))
      throw new AwsError(
        'ResourceNotFoundException',
        `Event bus ${String(bus)} does not exist: the embedded engine has the default event bus only.`,
      );
    return handler(given);
  });
}

export function isDefaultBus(nameOrArn: string): boolean {
  return nameOrArn === 'default' || nameOrArn.endsWith(':event-bus/default');
}

export function page<T>(
  items: Iterable<T>,
  keyOf: (item: T) => string,
  { Limit = 100, NextToken }: { readonly Limit?: number; readonly NextToken?: string },
) {
  return pageOf(sortedBy(items, keyOf), keyOf, { limit: Limit, token: NextToken, code: invalid });
}
