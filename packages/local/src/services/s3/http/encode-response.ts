import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { TSchema } from 'typebox';
import { membersOf } from '../../../wire/schema.js';
import { invalidArgument } from '../errors.js';
import type { OperationModel } from '../shapes/operation.js';
import { traitsOf } from '../shapes/traits.js';
import { httpDate } from './http-date.js';
import { encodeMetadata } from './metadata-encoding.js';
import { writeXml } from './xml.js';

/** Encodes the output of an operation, member by member according to the model's traits. */
export async function encodeResponse(
  model: OperationModel,
  output: Readonly<Record<string, unknown>>,
  response: ServerResponse,
): Promise<void> {
  let stream: Readable | undefined;
  let body: string | undefined;
  for (const [name, schema] of membersOf(model.output)) {
    const value = output[name];
    if (value === undefined) continue;
    const { header, headerPrefix, payload } = traitsOf(schema);
    if (header !== undefined) response.setHeader(header, headerText(header, schema, value));
    else if (headerPrefix !== undefined)
      for (const [key, text] of Object.entries(Object(value)))
        response.setHeader(`${headerPrefix}${key}`, encodeMetadata(String(text)));
    else if (payload === 'stream') stream = value instanceof Readable ? value : undefined;
    else if (payload === 'text') body = String(value);
    else if (payload !== undefined) body = writeXml(payload.root, schema, value);
  }
  if (model.root !== undefined) body = writeXml(model.root, model.output, output);
  response.statusCode = model.status ?? (output['ContentRange'] === undefined ? 200 : 206);
  if (stream !== undefined) {
    await send(stream, response);
    return;
  }
  if (body !== undefined) {
    if (model.root !== undefined || body.startsWith('<?xml')) response.setHeader('content-type', 'application/xml');
    response.setHeader('content-length', Buffer.byteLength(body));
  } else if (model.method !== 'HEAD' && response.statusCode !== 204) response.setHeader('content-length', 0);
  response.end(body);
}

/** Streams at the client's pace; a client that disconnects only ends the stream. */
async function send(stream: Readable, response: ServerResponse): Promise<void> {
  try {
    await pipeline(stream, response);
  } catch (error) {
    if (!response.destroyed && !response.writableEnded) response.destroy();
    if (!isHangUp(error)) throw error;
  }
}

const isHangUp = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  (error.code === 'ERR_STREAM_PREMATURE_CLOSE' || error.code === 'ECONNRESET' || error.code === 'EPIPE');

/** @throws S3Error `InvalidArgument` for text that no header can hold, e.g. of `response-content-type` */
function headerText(name: string, schema: TSchema, value: unknown): string | number {
  if (value instanceof Date) return httpDate(value.getTime());
  if (traitsOf(schema).timestamp === true) return httpDate(new Date(String(value)).getTime());
  if (typeof value === 'number') return value;
  const text = String(value);
  if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(text))
    throw invalidArgument(name, text, 'Header value cannot be represented using ISO-8859-1.');
  return text;
}
