import { randomUUID } from 'node:crypto';
import type { Json } from '../data/json.js';

/** The format of times: ISO 8601 in AWS SDK integrations, epoch milliseconds in optimized ones. */
export type TimeFormat = 'iso' | 'milliseconds';

async function contentOf(stream: AsyncIterable<unknown>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(typeof chunk === 'string' ? Buffer.from(chunk) : bytesOf(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

function bytesOf(chunk: unknown): Uint8Array {
  if (chunk instanceof Uint8Array) return chunk;
  throw new TypeError('a stream of bytes was expected');
}

const isStream = (value: object): value is AsyncIterable<unknown> => Symbol.asyncIterator in value;

/** Converts a service's output to JSON data: contents become text, times are formatted for the integration. */
export async function serviceJson(value: unknown, times: TimeFormat): Promise<Json> {
  return plain(await contentsRead(value), times);
}

/** Contents are streams, either the whole response or one of its members. */
async function contentsRead(value: unknown): Promise<unknown> {
  if (typeof value !== 'object' || value === null) return value;
  if (isStream(value)) return contentOf(value);
  const streams = Object.entries(value).filter(
    ([, item]) => typeof item === 'object' && item !== null && isStream(item),
  );
  if (streams.length === 0) return value;
  const contents = await Promise.all(streams.map(async ([name, stream]) => [name, await contentOf(stream)] as const));
  return { ...value, ...Object.fromEntries(contents) };
}

function plain(value: unknown, times: TimeFormat): Json {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Date) return times === 'iso' ? value.toISOString() : value.getTime();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8');
  if (Array.isArray(value)) return value.map((item) => plain(item, times));
  if (typeof value !== 'object') return null;
  const members: [string, Json][] = [];
  for (const [name, item] of Object.entries(value)) if (item !== undefined) members.push([name, plain(item, times)]);
  return Object.fromEntries(members);
}

/**
 * The members that an optimized integration adds to the service's response.
 *
 * @param headers headers of the response, in addition to those that every service sends
 * @param body the response's body, for its length
 */
export function sdkMetadata(headers: Readonly<Record<string, string>>, body: string): Readonly<Record<string, Json>> {
  const RequestId = randomUUID();
  const all: Readonly<Record<string, string>> = {
    'x-amzn-RequestId': RequestId,
    'Content-Length': String(Buffer.byteLength(body)),
    Date: new Date().toUTCString(),
    ...headers,
  };
  const lists = Object.fromEntries(Object.entries(all).map(([name, value]) => [name, [value]]));
  return {
    SdkHttpMetadata: { AllHttpHeaders: lists, HttpHeaders: all, HttpStatusCode: 200 },
    SdkResponseMetadata: { RequestId },
  };
}

/** The members that an optimized integration adds to the response of a service with a JSON protocol. */
export const jsonMetadata = (answer: Json): Readonly<Record<string, Json>> =>
  sdkMetadata({ connection: 'keep-alive', 'Content-Type': 'application/x-amz-json-1.0' }, JSON.stringify(answer));
