import { AwsError } from './aws-error.js';
import { isPlainObject, type Protocol, type WireCall, type WireRequest, type WireResponse } from './message.js';
import { decodeQuery, type QueryTypes } from './query-input.js';
import { type XmlShape, xmlMembers, xmlText } from './xml.js';

/** What the Query protocol needs to know of a service. */
export interface QueryService {
  /** The API version that requests name, e.g. `2010-05-15`; it tells services apart when a request is not signed. */
  readonly version: string;
  readonly namespace: string;
  readonly types?: QueryTypes;
  readonly xml?: XmlShape;
  /** For a service whose parameters do not follow the protocol's own naming: the members of the decoded input. */
  readonly input?: (call: WireCall, request: WireRequest) => Readonly<Record<string, unknown>>;
  /** For a service whose results do not: the XML inside the result element. */
  readonly result?: (operation: string, output: Readonly<Record<string, unknown>>) => string;
  /** The code of an error in this protocol, where it differs. */
  readonly errorCode?: (code: string) => string;
}

/** AWS Query: parameters as a form or a query string, answers in XML. */
export function queryProtocol(service: QueryService): Protocol {
  return {
    unknownOperation: 'InvalidAction',
    unsigned: 'MissingAuthenticationToken',
    decode(request) {
      // AWS takes GET, too. No client sends it, and it is what an image or a link of a web page sends.
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
      parameters.delete('Action');
      parameters.delete('Version');
      const call = { operation, input: decodeQuery(parameters, service.types ?? {}) };
      return service.input === undefined ? call : { operation, input: service.input(call, request) };
    },
    encode({ operation }, output, requestId) {
      const members = isPlainObject(output) ? output : {};
      const result = service.result?.(operation, members) ?? xmlMembers(members, service.xml ?? {});
      return xml(
        200,
        requestId,
        `<${operation}Response xmlns="${service.namespace}"><${operation}Result>${result}</${operation}Result>` +
          `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${operation}Response>`,
      );
    },
    encodeError(error, requestId) {
      const code = service.errorCode?.(error.code) ?? error.code;
      const type = error.status < 500 ? 'Sender' : 'Receiver';
      return xml(
        error.status,
        requestId,
        `<ErrorResponse xmlns="${service.namespace}"><Error><Type>${type}</Type><Code>${xmlText(code)}</Code>` +
          `<Message>${xmlText(error.message)}</Message></Error><RequestId>${requestId}</RequestId></ErrorResponse>`,
      );
    },
  };
}

/** The parameters of a Query request, from its URL and its form. */
export function queryParameters(request: WireRequest): URLSearchParams {
  const parameters = new URLSearchParams(request.query);
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
