import { AwsError } from '../aws-error.js';
import { isPlainObject, type Protocol, type WireRequest, type WireResponse } from './message.js';
import { decodeQuery, type QueryTypes } from './query-input.js';
import { type XmlShape, xmlMembers, xmlText } from './xml.js';

/** What the Query protocol needs to know of a service. */
export interface QueryService {
  /** The API version that requests name, e.g. `2010-05-15`; it tells services apart when a request is not signed. */
  readonly version: string;
  readonly namespace: string;
  readonly types?: QueryTypes;
  readonly xml?: XmlShape;
}

/** AWS Query: parameters as a form or a query string, answers in XML. */
export function queryProtocol(service: QueryService): Protocol {
  return {
    unknownOperation: 'InvalidAction',
    decode(request) {
      const parameters = queryParameters(request);
      const operation = parameters.get('Action') ?? '';
      if (operation === '')
        throw new AwsError('MissingAction', 'The request names no operation: the parameter Action is missing.');
      parameters.delete('Action');
      parameters.delete('Version');
      return { operation, input: decodeQuery(parameters, service.types ?? {}) };
    },
    encode({ operation }, output, requestId) {
      const result = isPlainObject(output) ? xmlMembers(output, service.xml ?? {}) : '';
      return xml(
        200,
        requestId,
        `<${operation}Response xmlns="${service.namespace}"><${operation}Result>${result}</${operation}Result>` +
          `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${operation}Response>`,
      );
    },
    encodeError(error, requestId) {
      const type = error.status < 500 ? 'Sender' : 'Receiver';
      return xml(
        error.status,
        requestId,
        `<ErrorResponse xmlns="${service.namespace}"><Error><Type>${type}</Type><Code>${xmlText(error.code)}</Code>` +
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
