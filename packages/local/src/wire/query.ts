import { Type } from 'typebox';
import type { Operations } from '../operation.js';
import { AwsError } from './aws-error.js';
import { isPlainObject, type Protocol, type WireRequest, type WireResponse } from './message.js';
import { decodeQuery } from './query-input.js';
import { type XmlShape, xmlMembers, xmlText } from './xml.js';

/** Options for a service that uses the Query protocol. */
export interface QueryDialect {
  readonly namespace: string;
  /** Output members that are maps. */
  readonly maps?: ReadonlySet<string>;
  /** For a service with flattened lists and maps: the name of their items on the wire. */
  readonly flatName?: (operation: string, member: string) => string;
  /** Members from the path of a request. */
  readonly pathMembers?: (path: string) => Readonly<Record<string, unknown>>;
  /** The code of an error in this protocol, if it differs. */
  readonly errorCode?: (code: string) => string;
}

/** AWS Query: parameters as a form or a query string, answers in XML. */
export function queryProtocol(dialect: QueryDialect, operations: Operations): Protocol {
  const flatNameOf = (operation: string) => {
    const { flatName } = dialect;
    return flatName === undefined ? undefined : (member: string) => flatName(operation, member);
  };
  return {
    unknownOperation: 'InvalidAction',
    unsigned: 'MissingAuthenticationToken',
    decode(request) {
      // AWS also accepts GET. No client uses it, but images and links in web pages do.
      if (request.method !== 'POST')
        throw new AwsError(
          'MethodNotAllowed',
          `The embedded engine takes operations with POST, not ${request.method}.`,
          {
            status: 405,
          },
        );
      const parameters = queryParameters(request);
      const operation = parameters.get('Action') ?? '';
      if (operation === '')
        throw new AwsError('MissingAction', 'The request names no operation: the parameter Action is missing.');
      const schema = operations.get(operation)?.input ?? Type.Object({});
      const input = decodeQuery(parameters, schema, flatNameOf(operation));
      return { operation, input: { ...dialect.pathMembers?.(request.path), ...input } };
    },
    encode({ operation }, output, requestId) {
      const flatName = flatNameOf(operation);
      const shape: XmlShape = { maps: dialect.maps ?? new Set(), ...(flatName === undefined ? {} : { flatName }) };
      const result = xmlMembers(isPlainObject(output) ? output : {}, shape);
      return xml(
        200,
        requestId,
        `<${operation}Response xmlns="${dialect.namespace}"><${operation}Result>${result}</${operation}Result>` +
          `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${operation}Response>`,
      );
    },
    encodeError(error, requestId) {
      const code = dialect.errorCode?.(error.code) ?? error.code;
      const type = error.status < 500 ? 'Sender' : 'Receiver';
      return xml(
        error.status,
        requestId,
        `<ErrorResponse xmlns="${dialect.namespace}"><Error><Type>${type}</Type><Code>${xmlText(code)}</Code>` +
          `<Message>${xmlText(error.message)}</Message></Error><RequestId>${requestId}</RequestId></ErrorResponse>`,
      );
    },
  };
}

/**
 * The parameters of a Query request, from its URL and its form. A map, because `URLSearchParams.set` looks at all
 * parameters for each one: a hundred thousand would take minutes.
 */
function queryParameters(request: WireRequest): ReadonlyMap<string, string> {
  const parameters = new Map(request.query);
  const type = request.headers['content-type'] ?? '';
  if (request.body.length > 0 && type.startsWith('application/x-www-form-urlencoded'))
    for (const [name, value] of new URLSearchParams(request.body.toString('utf8'))) parameters.set(name, value);
  return parameters;
}

function xml(status: number, requestId: string, body: string): WireResponse {
  return {
    status,
    headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n${body}`,
  };
}
