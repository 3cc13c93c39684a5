import { createHash } from 'node:crypto';
import {
  type ChecksumAlgorithm,
  checksumAlgorithms,
  checksumBytes,
  checksumHeader,
  createChecksum,
  defaultAlgorithm,
  isChecksumAlgorithm,
} from '../checksums/algorithms.js';
import type { S3Core } from '../core.js';
import { invalidRequest, notImplemented, S3Error } from '../errors.js';
import type { Body } from '../shapes/members.js';
import type { Segment } from '../storage/records.js';

/** Content that is on disk and matches the client's length and checksums. */
export interface Received {
  readonly segments: readonly Segment[];
  readonly size: number;
  readonly md5: Buffer;
  readonly checksum: { readonly algorithm: ChecksumAlgorithm; readonly value: string };
}

/** Bodies from the wire may have trailing headers. */
export interface TrailedBody extends AsyncIterable<Uint8Array> {
  /** Names of the announced trailers in lower case, from `x-amz-trailer`. */
  readonly announced: readonly string[];
  /** Available once the body has been read to its end. */
  readonly trailers: ReadonlyMap<string, string>;
}

export interface Expectations {
  readonly Body?: Body;
  readonly ContentMD5?: string;
  readonly ChecksumAlgorithm?: string;
  readonly ChecksumCRC32?: string;
  readonly ChecksumCRC32C?: string;
  readonly ChecksumCRC64NVME?: string;
  readonly ChecksumSHA1?: string;
  readonly ChecksumSHA256?: string;
}

/** Rule for the parts of a multi-part upload: the algorithm to keep, and the checksums that a client may send. */
export interface PartRule {
  readonly algorithm: ChecksumAlgorithm;
  readonly brings: 'any' | 'this-or-none' | 'this';
}

/**
 * Streams a body to disk with its MD5 and its checksum, and compares both with those sent before or after it.
 *
 * @param part checksum requirements of the multi-part upload, for a part of one
 * @throws S3Error `BadDigest`, `InvalidDigest`, `InvalidRequest`; nothing is kept in that case
 */
export async function receive(core: S3Core, input: Expectations, part?: PartRule): Promise<Received> {
  const contentMd5 = decodeMd5(input.ContentMD5);
  const body = bodyOf(input.Body);
  const sent = sentChecksum(input);
  const announced = sent?.algorithm ?? announcedAlgorithm(body) ?? namedAlgorithm(input.ChecksumAlgorithm);
  if (part !== undefined) checkPart(part, announced);
  const algorithm = part?.algorithm ?? announced ?? defaultAlgorithm;
  const md5 = createHash('md5');
  const checksum = createChecksum(algorithm);
  // A part may send a different checksum than its upload keeps: both are computed, one to check and one to keep.
  const other = announced === undefined || announced === algorithm ? undefined : createChecksum(announced);
  let size = 0;
  const segments = await core.contents.write(body, (chunk) => {
    md5.update(chunk);
    checksum.update(chunk);
    other?.update(chunk);
    size += chunk.length;
  });
  const digest = md5.digest();
  const value = checksum.digest().toString('base64');
  try {
    if (contentMd5 !== undefined && !contentMd5.equals(digest))
      throw new S3Error('BadDigest', 'The Content-MD5 you specified did not match what we received.', {
        members: { ExpectedDigest: input.ContentMD5, CalculatedDigest: digest.toString('base64') },
      });
    const expected = sent?.value ?? (announced === undefined ? undefined : trailerOf(body, announced));
    const computed = other === undefined ? value : other.digest().toString('base64');
    if (expected === undefined && announced !== undefined && isTrailed(body) && announcedAlgorithm(body) === announced)
      throw new S3Error(
        'MalformedTrailerError',
        `The request contained trailing data that was not well-formed or did not conform to our published schema: ${checksumHeader(announced)} was announced and did not come.`,
      );
    if (expected !== undefined && announced !== undefined) compareChecksum(announced, expected, computed);
  } catch (error) {
    core.discard(segments);
    throw error;
  }
  return { segments, size, md5: digest, checksum: { algorithm, value } };
}

/** S3's rule for uploads that were created with an algorithm: their parts must not use another one. */
function checkPart({ algorithm, brings }: PartRule, announced: ChecksumAlgorithm | undefined): void {
  if (brings === 'any' || announced === algorithm || (brings === 'this-or-none' && announced === undefined)) return;
  throw invalidRequest(
    `Checksum Type mismatch occurred, expected checksum Type: ${algorithm.toLowerCase()}, actual checksum Type: ${announced?.toLowerCase() ?? 'null'}`,
  );
}

function compareChecksum(algorithm: ChecksumAlgorithm, expected: string, computed: string): void {
  if (expected === computed) return;
  if (Buffer.from(expected, 'base64').length !== checksumBytes(algorithm))
    throw invalidRequest(`Value for ${checksumHeader(algorithm)} header is invalid.`);
  throw new S3Error('BadDigest', `The ${algorithm} you specified did not match the calculated checksum.`);
}

/** The checksum among the request's own members; S3 accepts at most one. */
export function sentChecksum(
  input: Expectations,
): { readonly algorithm: ChecksumAlgorithm; readonly value: string } | undefined {
  const found = checksumAlgorithms.flatMap((algorithm) => {
    const value = input[`Checksum${algorithm}`];
    return value === undefined ? [] : [{ algorithm, value }];
  });
  if (found.length > 1)
    throw invalidRequest('Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.');
  return found[0];
}

/** Finds an algorithm by the client's name for it. @throws S3Error `NotImplemented` for an unsupported one */
export function namedAlgorithm(name: string | undefined): ChecksumAlgorithm | undefined {
  if (name === undefined) return undefined;
  const upper = name.toUpperCase();
  if (!isChecksumAlgorithm(upper)) throw notImplemented(`the checksum algorithm ${name}`);
  return upper;
}

function announcedAlgorithm(body: AsyncIterable<Uint8Array>): ChecksumAlgorithm | undefined {
  if (!isTrailed(body)) return undefined;
  const name = body.announced.find((header) => header.startsWith('x-amz-checksum-'));
  return namedAlgorithm(name?.slice('x-amz-checksum-'.length));
}

const trailerOf = (body: AsyncIterable<Uint8Array>, algorithm: ChecksumAlgorithm): string | undefined =>
  isTrailed(body) ? body.trailers.get(checksumHeader(algorithm)) : undefined;

const isTrailed = (body: AsyncIterable<Uint8Array>): body is TrailedBody => 'trailers' in body && 'announced' in body;

function decodeMd5(header: string | undefined): Buffer | undefined {
  if (header === undefined) return undefined;
  const md5 = Buffer.from(header, 'base64');
  if (md5.length !== 16)
    throw new S3Error('InvalidDigest', 'The Content-MD5 you specified was invalid.', {
      members: { 'Content-MD5': header },
    });
  return md5;
}

function bodyOf(body: Body | undefined): AsyncIterable<Uint8Array> {
  if (body === undefined) return once(new Uint8Array());
  if (typeof body === 'string') return once(Buffer.from(body));
  return body instanceof Uint8Array ? once(body) : body;
}

async function* once(chunk: Uint8Array): AsyncGenerator<Uint8Array> {
  yield chunk;
}
