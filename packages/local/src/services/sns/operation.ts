import Type from 'typebox';
import { operationFactory } from '../../operation.js';
import { AwsError } from '../../wire/aws-error.js';
import { pageOf, sortedBy } from '../../wire/page.js';

const invalid = 'InvalidParameter';

export const operation = operationFactory(invalid);

/** SNS's error code for most invalid requests. */
export const invalidParameter = (reason: string) => new AwsError(invalid, `Invalid parameter: ${reason}`);

export const text = Type.Optional(Type.String());
export const arn = Type.String({ minLength: 1 });
export const attributeMap = Type.Record(Type.String(), Type.String());

/** A page of 100, as in SNS. */
export function page<T>(items: Iterable<T>, keyOf: (item: T) => string, token: string | undefined) {
  return pageOf(sortedBy(items, keyOf), keyOf, { limit: 100, token, code: invalid });
}
