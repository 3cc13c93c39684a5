import { Type } from 'typebox';
import { operationFactory } from '../../operation.js';
import { pageOf, sortedBy } from '../../wire/page.js';

const invalid = 'ValidationError';

export const operation = operationFactory(invalid);

export const text = Type.Optional(Type.String({ minLength: 1 }));
export const stackName = Type.String({ minLength: 1 });
export const clientRequestToken = Type.Optional(Type.String({ maxLength: 128 }));
export const flag = Type.Optional(Type.Boolean());
export const nextToken = Type.Optional(Type.String());

const pageSize = 100;

/** A page of items that are ordered by key. */
export function pageOfOrdered<T>(ordered: Iterable<T>, keyOf: (item: T) => string, token: string | undefined) {
  return pageOf(ordered, keyOf, { limit: pageSize, token, code: invalid });
}

export function page<T>(items: Iterable<T>, keyOf: (item: T) => string, token: string | undefined) {
  return pageOfOrdered(sortedBy(items, keyOf), keyOf, token);
}
