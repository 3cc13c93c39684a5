import type { Operation } from '../operation.js';
import { AwsError } from './aws-error.js';
import {
  isPlainObject,
  type Protocol,
  parseJsonObject,
  toAwsJson,
  type WireRequest,
  type WireResponse,
} from './message.js';
import { createRouter, type Route, type RouteResponse, type Router } from './route.js';
import { fromText, membersOf, typeOf } from './schema.js';

/** A route with its service. */
type OperationRoute = Route & { readonly operation: Operation };

/** REST-JSON: the operation in the method and path, members in the path, query string, headers and a JSON body. */
export interface RestJsonProtocol extends Protocol {
  /** Returns true if a request matches an operation. */
  knows(method: string, path: string): boolean;
}

export function restJsonProtocol(operations: Iterable<Operation>): RestJsonProtocol {
  const routes = [...operations].flatMap((operation): OperationRoute[] =>
    operation.route === undefined ? [] : [{ ...operation.route, operation }],
  );
  const router: Router<OperationRoute> = createRouter(routes);
  const responses = new Map(routes.map(({ operation, response }) => [operation.name, response]));
  return {
    unknownOperation: 'UnknownOperationException',
    unsigned: 'MissingAuthenticationTokenException',
    knows: (method, path) => router.find(method, path).kind !== 'unknown-path',
    decode(request) {
      const result = router.find(request.method, request.path);
      switch (result.kind) {
        case 'bad-encoding':
          throw new AwsError('ValidationException', `The path ${request.path} has a broken percent-encoding.`);
        case 'unknown-path':
          throw new AwsError(
            'UnknownOperationException',
            `The embedded engine has no operation for ${request.method} ${request.path}.`,
            { status: 404 },
          );
        case 'match': {
          const { route, labels } = result.match;
          return {
            operation: route.operation.name,
            input: { ...membersOfRequest(route.operation, request), ...labels },
          };
        }
      }
    },
    encode: (call, output, requestId) => encodeOutput(responses.get(call.operation) ?? {}, output, requestId),
    encodeError: (error, requestId) => ({
      status: error.status,
      headers: {
        'content-type': 'application/json',
        'x-amzn-requestid': requestId,
        'x-amzn-errortype': error.code,
      },
      // Lambda uses `Message`, Batch `message`: clients read both.
      body: toAwsJson({ message: error.message, Message: error.message, ...error.members }),
    }),
  };
}

/**
 * Members from the query string, the headers and the body. Keywords of a member's schema give its location: `query`,
 * the parameter's name if different; `header`, in lower case; `payload: true`, the whole body as bytes. Query
 * parameters that the schema does not name also become members.
 */
function membersOfRequest({ input }: Operation, request: WireRequest): Record<string, unknown> {
  const members: Record<string, unknown> = {};
  const schemas = new Map(
    membersOf(input).map(([name, schema]) => [traitOf(schema, 'query') ?? name, { name, schema }]),
  );
  for (const parameter of new Set(request.query.keys())) {
    const { name, schema } = schemas.get(parameter) ?? { name: parameter, schema: {} };
    const values = request.query.getAll(parameter);
    members[name] = typeOf(schema) === 'array' ? values : fromText(schema, values[0] ?? '');
  }
  let body: Record<string, unknown> | undefined;
  for (const [name, schema] of membersOf(input)) {
    const value = request.headers[traitOf(schema, 'header') ?? ''];
    if (value !== undefined) members[name] = value;
    if ('payload' in schema) body = { [name]: request.body };
  }
  return { ...members, ...(body ?? parseJsonObject(request.body)) };
}

function traitOf(schema: object, trait: 'header' | 'query'): string | undefined {
  const value: unknown = Reflect.get(schema, trait);
  return typeof value === 'string' ? value : undefined;
}

function encodeOutput(response: RouteResponse, output: unknown, requestId: string): WireResponse {
  const members: Record<string, unknown> = isPlainObject(output) ? { ...output } : {};
  const headers: Record<string, string> = { 'x-amzn-requestid': requestId };
  for (const [member, header] of Object.entries(response.headers ?? {})) {
    if (members[member] !== undefined) headers[header] = String(members[member]);
    delete members[member];
  }
  let status = response.status ?? 200;
  if (response.statusMember !== undefined) {
    status = Number(members[response.statusMember] ?? status);
    delete members[response.statusMember];
  }
  if (response.payload !== undefined) {
    const payload = members[response.payload];
    return { status, headers, body: payload instanceof Uint8Array ? payload : '' };
  }
  if (status === 204) return { status, headers, body: '' };
  return { status, headers: { ...headers, 'content-type': 'application/json' }, body: toAwsJson(members) };
}
