import { Type } from 'typebox';
import { operationFactory } from '../../operation.js';

export const operation = operationFactory('ValidationException');

export const arn = Type.String({ minLength: 1, maxLength: 256 });
export const name = Type.String({ minLength: 1, maxLength: 80 });
export const paging = {
  maxResults: Type.Optional(Type.Integer({ minimum: 0, maximum: 1000 })),
  nextToken: Type.Optional(Type.String({ minLength: 1, maxLength: 1024 })),
};
export const tags = Type.Array(Type.Object({ key: Type.String(), value: Type.Optional(Type.String()) }));
export const configuration = Type.Optional(Type.Record(Type.String(), Type.Unknown()));
export const definition = Type.String({ minLength: 1, maxLength: 1_048_576 });
export const machineType = Type.Optional(Type.Union([Type.Literal('STANDARD'), Type.Literal('EXPRESS')]));
export const token = Type.String({ minLength: 1, maxLength: 2048 });
