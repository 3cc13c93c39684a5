import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { AwsError } from './aws-error.js';

/** A request whose body has been read whole. */
export interface WireRequest {
  readonly method: string;
  /** The path as it was sent, percent-encoding and all. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** An answer, ready to be sent. */
export interface WireResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** What a request asks for, in AWS's own terms. */
export interface WireCall {
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** One of AWS's wire protocols: how a request becomes a call, and an output or an error an answer. */
export interface Protocol {
  /** The code of the error for an operation that a service does not have. */
  readonly unknownOperation: string;
  /** The code of the error for a request that is not signed. */
  readonly unsigned: string;
  /** @throws AwsError when the request is malformed, or asks for an operation that cannot be named */
  decode(request: WireRequest): WireCall;
  encode(call: WireCall, output: unknown, requestId: string): WireResponse;
  encodeError(error: AwsError, requestId: string): WireResponse;
}

/** Lambda accepts 50 MiB of zipped code, which travels as base64 inside JSON; nothing else comes near. */
const largestBodyBytes = 80 << 20;

/** Of all bodies that are being read, together: clients that begin many and end none do not fill the memory. */
const largestUnfinishedBytes = 4 * largestBodyBytes;
let unfinishedBytes = 0;

/**
 * Reads the body of a request.
 *
 * @throws AwsError `RequestEntityTooLargeException` beyond 80 MiB, `ServiceUnavailable` when too much is being read
 */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const length = { bytes: 0 };
  try {
    await collect(request, chunks, length);
  } finally {
    unfinishedBytes -= length.bytes;
  }
  const [only] = chunks;
  return chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks);
}

async function collect(request: IncomingMessage, chunks: Buffer[], length: { bytes: number }): Promise<void> {
  for await (const chunk of request) {
    length.bytes += chunk.length;
    unfinishedBytes += chunk.length;
    if (unfinishedBytes > largestUnfinishedBytes)
      throw new AwsError('ServiceUnavailable', 'The engine is reading too many request bodies at once. Try again.', {
        status: 503,
      });
    if (length.bytes > largestBodyBytes)
      throw new AwsError('RequestEntityTooLargeException', `The request is larger than ${largestBodyBytes} bytes.`, {
        status: 413,
      });
    chunks.push(chunk);
  }
}

/**
 * Reads a JSON object; an empty body is an empty object.
 *
 * @throws AwsError `SerializationException` when the text is anything else
 */
export function parseJsonObject(body: Buffer): Record<string, unknown> {
  if (body.length === 0) return {};
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch (error) {
    throw new AwsError('SerializationException', `The request's body is not JSON: ${(error as Error).message}`);
  }
  if (!isPlainObject(value))
    throw new AwsError(
      'SerializationException',
      "The request's body must be a JSON object of the operation's members.",
    );
  return value;
}

/** Whether a value is an object of members: neither an array, nor bytes, nor a date. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return !(value instanceof Uint8Array) && !(value instanceof Date);
}

/** JSON as AWS writes it: dates in seconds since 1970, bytes in base64. */
export function toAwsJson(value: unknown): string {
  return JSON.stringify(jsonReady(value));
}

function jsonReady(value: unknown): unknown {
  if (value instanceof Date) return value.getTime() / 1000;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map(jsonReady);
  if (!isPlainObject(value)) return value;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(members.map(([name, member]) => [name, jsonReady(member)]));
}
