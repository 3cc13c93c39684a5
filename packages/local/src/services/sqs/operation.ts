import Type from 'typebox';
import { operationFactory } from '../../operation.js';
import { AwsError } from '../../wire/aws-error.js';

export const invalid = 'InvalidParameterValue';

export const operation = operationFactory(invalid);

export const invalidParameter = (message: string) => new AwsError(invalid, message);

export const queueUrl = Type.String({ minLength: 1 });
export const textMap = Type.Record(Type.String(), Type.String());
export const names = Type.Optional(Type.Array(Type.String()));
export const integer = (minimum: number, maximum: number) => Type.Optional(Type.Integer({ minimum, maximum }));
