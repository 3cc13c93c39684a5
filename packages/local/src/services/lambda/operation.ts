import Type from 'typebox';
import { routedOperationFactory } from '../../operation.js';
import type { Route } from '../../wire/route.js';

export const operation = routedOperationFactory('ValidationException');

export const functions = '/2015-03-31/functions';
export const oneFunction = `${functions}/{FunctionName}`;

/** @param status - HTTP status of a success; default 200 */
export const route = (method: Route['method'], path: string, status?: 201 | 202 | 204): Route =>
  status === undefined ? { method, path } : { method, path, response: { status } };

export const text = Type.Optional(Type.String());
export const textMap = Type.Record(Type.String(), Type.String());
export const functionName = Type.String({ minLength: 1 });
export const description = Type.Optional(Type.String({ maxLength: 256 }));
export const paging = { Marker: text, MaxItems: Type.Optional(Type.Integer()) };
