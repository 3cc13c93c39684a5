import { AwsError } from './aws-error.js';
import {
  isPlainObject,
  type Protocol,
  parseJsonObject,
  toAwsJson,
  type WireRequest,
  type WireResponse,
} from './message.js';
import { createRouter, type QueryParameter, type Route } from './route.js';

/** REST-JSON: the operation in method and path, members in path, query string, headers and a JSON body. */
export function restJsonProtocol(routes: readonly Route[]): Protocol {
  const router = createRouter(routes);
  const byOperation = new Map(routes.map((route) => [route.operation, route]));
  return {
    unknownOperation: 'UnknownOperationException',
    unsigned: 'MissingAuthenticationTokenException',
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
          const input = { ...queryMembers(route, request.query), ...headerMembers(route, request), ...labels };
          const body = route.payload === undefined ? parseJsonObject(request.body) : { [route.payload]: request.body };
          return { operation: route.operation, input: { ...input, ...body } };
        }
      }
    },
    encode: (call, output, requestId) =>
      encodeOutput(byOperation.get(call.operation)?.response ?? {}, output, requestId),
    encodeError: (error, requestId) => ({
      status: error.status,
      headers: {
        'content-type': 'application/json',
        'x-amzn-requestid': requestId,
        'x-amzn-errortype': error.code,
      },
      // Lambda answers `Message`, Batch `message`: clients read either.
      body: toAwsJson({ message: error.message, Message: error.message, ...error.members }),
    }),
  };
}

function queryMembers(route: Route, query: URLSearchParams): Record<string, unknown> {
  const names = [...new Set(query.keys())];
  return Object.fromEntries(
    names.map((name) => {
      const parameter: QueryParameter = route.query?.[name] ?? {};
      return [parameter.member ?? name, queryValue(name, parameter, query.getAll(name))];
    }),
  );
}

function queryValue(name: string, parameter: QueryParameter, values: readonly string[]): unknown {
  const value = values[0] ?? '';
  switch (parameter.type ?? 'string') {
    case 'string':
      return value;
    case 'list':
      return values;
    case 'boolean':
      return value === 'true';
    case 'integer':
      if (!/^-?\d+$/.test(value))
        throw new AwsError('ValidationException', `The query parameter ${name} must be an integer, not "${value}".`);
      return Number(value);
  }
}

function headerMembers(route: Route, request: WireRequest): Record<string, unknown> {
  const members: Record<string, unknown> = {};
  for (const [header, member] of Object.entries(route.headers ?? {})) {
    const value = request.headers[header];
    if (value !== undefined) members[member] = value;
  }
  return members;
}

function encodeOutput(response: NonNullable<Route['response']>, output: unknown, requestId: string): WireResponse {
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
