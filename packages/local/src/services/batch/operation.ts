import Type, { type Static, type TSchema } from 'typebox';
import { type Operation, type RequestContext, routedOperationFactory } from '../../operation.js';
import { AwsError } from '../../wire/aws-error.js';

const code = 'ClientException';

/** AWS Batch reports every client error with this code. */
export const clientException = (message: string) => new AwsError(code, message, { status: 400 });

/** An operation with a route of its own. */
export const routedOperation = routedOperationFactory(code);

/** An operation with the route POST `/v1/<operation in lower case>`, as nearly all of AWS Batch's. */
export function operation<const S extends TSchema>(
  name: string,
  input: S,
  handler: (input: Static<S>, request: RequestContext) => unknown,
): Operation {
  return routedOperation(name, { method: 'POST', path: `/v1/${name.toLowerCase()}` }, input, handler);
}

export const optionalText = Type.Optional(Type.String());
export const textMap = Type.Record(Type.String(), Type.String());
export const tags = Type.Optional(textMap);
export const state = Type.Optional(Type.Union([Type.Literal('ENABLED'), Type.Literal('DISABLED')]));
export const page = { maxResults: Type.Optional(Type.Integer({ minimum: 1 })), nextToken: optionalText };

/** Paging options for `pageOf`; most operations of AWS Batch return at most 100 items per page. */
export function pageOptions(
  request: { readonly maxResults?: number; readonly nextToken?: string },
  largest = 100,
): { readonly limit: number; readonly token: string | undefined; readonly code: string } {
  const limit = Math.min(request.maxResults ?? largest, largest);
  return { limit, token: request.nextToken, code };
}
