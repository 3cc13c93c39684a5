import type { ServerResponse } from 'node:http';
import type { AwsError } from '../../../wire/aws-error.js';
import { S3Error } from '../errors.js';
import { writeErrorXml } from './xml.js';

/**
 * Writes an error as S3 does: an XML document, or for HEAD and 304 the status and headers alone.
 */
export function writeError(
  response: ServerResponse,
  error: AwsError,
  request: { readonly method: string; readonly requestId: string; readonly hostId: string },
): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  for (const name of response.getHeaderNames())
    if (!name.startsWith('x-amz-') && name !== 'server') response.removeHeader(name);
  if (error instanceof S3Error)
    for (const [name, value] of Object.entries(error.headers)) response.setHeader(name, value);
  response.statusCode = error.status;
  if (request.method === 'HEAD' || error.status === 304) {
    response.end();
    return;
  }
  const body = writeErrorXml({
    Code: error.code,
    Message: error.message,
    ...Object.fromEntries(Object.entries(error.members).filter(([, value]) => value !== undefined)),
    RequestId: request.requestId,
    HostId: request.hostId,
  });
  response.setHeader('content-type', 'application/xml');
  response.setHeader('content-length', Buffer.byteLength(body));
  response.end(body);
}
