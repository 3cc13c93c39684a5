import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { AwsError } from '../../../wire/aws-error.js';
import type { Bodies } from '../../../wire/bodies.js';
import { S3Error } from '../errors.js';
import type { TrailedBody } from '../operations/receive.js';
import { AwsChunkedDecoder } from './aws-chunked.js';

/** Documents are small; the largest valid one lists 10,000 parts with checksums. */
const maximumDocument = 8 * 1024 * 1024;

/** S3's limit for one upload; larger objects come in parts. */
const maximumUpload = 5 * 1024 ** 3;

/** The content of a request: decoded from aws-chunked, checked against its length, with its trailing headers. */
export class RequestBody implements TrailedBody {
  readonly announced: readonly string[];
  readonly trailers = new Map<string, string>();
  readonly #request: IncomingMessage;
  readonly #bodies: Bodies;

  constructor(request: IncomingMessage, bodies: Bodies) {
    this.#request = request;
    this.#bodies = bodies;
    this.announced = (header(request, 'x-amz-trailer') ?? '')
      .toLowerCase()
      .split(',')
      .map((name) => name.trim());
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    const request = this.#request;
    const chunked = isAwsChunked(request);
    const expected = header(request, chunked ? 'x-amz-decoded-content-length' : 'content-length');
    // An upload without a length might never end.
    if (expected === undefined && (chunked || request.headers['transfer-encoding'] !== undefined))
      throw new S3Error('MissingContentLength', 'You must provide the Content-Length HTTP header.', { status: 411 });
    if (Number(expected) > maximumUpload)
      throw new S3Error('EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size', {
        members: { ProposedSize: expected, MaxSizeAllowed: String(maximumUpload) },
      });
    const promised = promisedDigest(request);
    const digest = promised === undefined ? undefined : createHash('sha256');
    let size = 0;
    try {
      for await (const chunk of chunked ? this.#decoded() : this.#raw()) {
        size += chunk.length;
        if (size > Number(expected)) throw incomplete();
        digest?.update(chunk);
        yield chunk;
      }
    } catch (error) {
      // The client disconnected; it gets no answer, but the write must fail.
      if (!(error instanceof AwsError) && request.destroyed) throw incomplete();
      throw error;
    }
    if (expected !== undefined && Number(expected) !== size) throw incomplete();
    const computed = digest?.digest('hex');
    if (promised !== computed)
      throw new S3Error(
        'XAmzContentSHA256Mismatch',
        "The provided 'x-amz-content-sha256' header does not match what was computed.",
        {
          members: { ClientComputedContentSHA256: promised, S3ComputedContentSHA256: computed },
        },
      );
    for (const [name, value] of Object.entries(request.trailers))
      if (value !== undefined) this.trailers.set(name, value);
  }

  #raw(): AsyncIterable<Uint8Array> {
    return this.#bodies.stream(this.#request, timedOut);
  }

  async *#decoded(): AsyncGenerator<Uint8Array> {
    const decoder = new AwsChunkedDecoder();
    for await (const chunk of this.#raw()) yield* decoder.push(chunk);
    decoder.end();
    for (const [name, value] of decoder.trailers) this.trailers.set(name, value);
  }

  /** The whole body as text, for documents. @throws S3Error `MaxMessageLengthExceeded` */
  async text(): Promise<string> {
    const chunks: Uint8Array[] = [];
    const held = this.#bodies.holder();
    try {
      for await (const chunk of this) {
        if (held.add(chunk.length) > maximumDocument)
          throw new S3Error('MaxMessageLengthExceeded', 'Your request was too large.', {
            members: { MaxMessageLengthBytes: String(maximumDocument) },
          });
        chunks.push(chunk);
      }
    } finally {
      held.release();
    }
    return Buffer.concat(chunks).toString('utf8');
  }
}

/** The SHA-256 of the whole body, if the client signed one; the header's other values are keywords. */
function promisedDigest(request: IncomingMessage): string | undefined {
  const value = (header(request, 'x-amz-content-sha256') ?? '').toLowerCase();
  return /^[0-9a-f]{64}$/.test(value) ? value : undefined;
}

/** Every variant is indicated by one of two headers. */
function isAwsChunked(request: IncomingMessage): boolean {
  const encodings = (header(request, 'content-encoding') ?? '').split(',').map((part) => part.trim());
  return encodings.includes('aws-chunked') || (header(request, 'x-amz-content-sha256') ?? '').startsWith('STREAMING-');
}

function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(',') : value;
}

/** S3's own words for a client that sends nothing more. */
const timedOut = (message: string): S3Error =>
  new S3Error(
    'RequestTimeout',
    `Your socket connection to the server was not read from or written to within the timeout period. Idle connections will be closed. ${message}`,
  );

const incomplete = (): S3Error =>
  new S3Error('IncompleteBody', 'You did not provide the number of bytes specified by the Content-Length HTTP header');
