import { AwsError } from '../aws-error.js';
import { type Protocol, parseJsonObject, toAwsJson, type WireResponse } from './message.js';

/** AWS JSON 1.0 and 1.1: the operation in `X-Amz-Target`, members in a JSON body. */
export function awsJsonProtocol(version: '1.0' | '1.1'): Protocol {
  const answer = (status: number, requestId: string, body: string, errorCode?: string): WireResponse => ({
    status,
    headers: {
      'content-type': `application/x-amz-json-${version}`,
      'x-amzn-requestid': requestId,
      ...(errorCode === undefined ? {} : { 'x-amzn-errortype': errorCode }),
    },
    body,
  });
  return {
    unknownOperation: 'UnknownOperationException',
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
    encodeError: (error, requestId) =>
      answer(
        error.status,
        requestId,
        toAwsJson({ __type: error.code, message: error.message, ...error.members }),
        error.code,
      ),
  };
}
