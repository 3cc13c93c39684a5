import Type from 'typebox';
import { operationFactory } from '../../operation.js';
import { AwsError } from '../../wire/aws-error.js';

export const invalid = 'InvalidParameterException';

export const operation = operationFactory(invalid);

export const invalidParameter = (message: string) => new AwsError(invalid, message);

export const text = Type.Optional(Type.String());
export const textMap = Type.Record(Type.String(), Type.String());
export const groupName = Type.String({ minLength: 1, maxLength: 512, pattern: '^[.\\-_/#A-Za-z0-9]+$' });
export const streamName = Type.String({ minLength: 1, maxLength: 512, pattern: '^[^:*]*$' });
export const limit = (most: number) => Type.Optional(Type.Integer({ minimum: 1, maximum: most }));

/** Read operations take the group by name, or by ARN as its identifier. */
export const groupOfEither = { logGroupName: Type.Optional(groupName), logGroupIdentifier: text };
