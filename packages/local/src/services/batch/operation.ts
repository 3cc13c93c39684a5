import Type, { type Static, type TSchema } from 'typebox';
import { type Operation, type RequestContext, routedOperationFactory } from '../../operation.js';
import { AwsError } from '../../wire/aws-error.js';

const code = 'ClientException';

/** AWS Batch answers every mistake of a caller with this one code. */
export const clientException = (message: string) => new AwsError(code, message, { status: 400 });

/** An operation with a route of its own. */
export const routedOperation = routedOperationFactory(code);

/** An operation that is posted to `/v1/<operation in lower case>`, as nearly all of AWS Batch are. */
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

/** How a paged request reads in `pageOf`; most operations of AWS Batch show at most 100 items a page. */
export function pageOptions(
  request: { readonly maxResults?: number; readonly nextToken?: string },
  largest = 100,
): { readonly limit: number; readonly token: string | undefined; readonly code: string } {
  const limit = Math.min(request.maxResults ?? largest, largest);
  return { limit, token: request.nextToken, code };
}
