import type { IncomingHttpHeaders } from 'node:http';
import { AwsError } from './aws-error.js';

/** A request with its complete body. */
export interface WireRequest {
  readonly method: string;
  /** The path as sent, still percent-encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** An answer that is ready to be sent. */
export interface WireResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** The operation of a request, in AWS's own terms. */
export interface WireCall {
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** One of AWS's wire protocols: decodes a request into a call, and encodes an output or an error as an answer. */
export interface Protocol {
  /** Error code for an operation that a service does not have. */
  readonly unknownOperation: string;
  /** Error code for an unsigned request. */
  readonly unsigned: string;
  /** @throws AwsError when the request is malformed, or its operation cannot be determined */
  decode(request: WireRequest): WireCall;
  encode(call: WireCall, output: unknown, requestId: string): WireResponse;
  encodeError(error: AwsError, requestId: string): WireResponse;
}

/**
 * Parses a JSON object; an empty body is an empty object.
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

/** Returns true if a value is an object with members: not an array, bytes, or a date. */
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
