import { AwsError } from './aws-error.js';
import { type Protocol, parseJsonObject, toAwsJson, type WireResponse } from './message.js';

/** Options for a service that uses AWS JSON. */
export interface AwsJsonDialect {
  readonly version: '1.0' | '1.1';
  /**
   * For a service that used Query before: maps an error code to its old code. It is sent in a header, so that programs
   * that look for the old codes keep working.
   */
  readonly queryErrorCode?: (code: string) => string;
}

/** AWS JSON 1.0 and 1.1: the operation in `X-Amz-Target`, members in a JSON body. */
export function awsJsonProtocol({ version, queryErrorCode }: AwsJsonDialect): Protocol {
  const answer = (status: number, requestId: string, body: string, headers = {}): WireResponse => ({
    status,
    headers: { 'content-type': `application/x-amz-json-${version}`, 'x-amzn-requestid': requestId, ...headers },
    body,
  });
  return {
    unknownOperation: 'UnknownOperationException',
    unsigned: 'MissingAuthenticationTokenException',
    decode(request) {
      const target = request.headers['x-amz-target'];
      const operation = typeof target === 'string' ? target.slice(target.lastIndexOf('.') + 1) : '';
      if (operation === '')
        throw new AwsError(
          'UnknownOperationException',
          'The request names no operation: the X-Amz-Target header is missing.',
        );
      return { operation, input: parseJsonObject(request.body) };
    },
    encode: (_call, output, requestId) => answer(200, requestId, toAwsJson(output ?? {})),
    encodeError(error, requestId) {
      const body = toAwsJson({ __type: error.code, message: error.message, ...error.members });
      const fault = error.status < 500 ? 'Sender' : 'Receiver';
      return answer(error.status, requestId, body, {
        'x-amzn-errortype': error.code,
        ...(queryErrorCode === undefined ? {} : { 'x-amzn-query-error': `${queryErrorCode(error.code)};${fault}` }),
      });
    },
  };
}
