import Type from 'typebox';
import { operationFactory } from '../../operation.js';
import { AwsError } from '../../wire/aws-error.js';

const invalid = 'InvalidParameterException';

export const operation = operationFactory(invalid);

export const invalidParameter = (message: string) => new AwsError(invalid, message);

export const secretId = Type.String({ minLength: 1, maxLength: 2048 });
export const description = Type.Optional(Type.String({ maxLength: 2048 }));
