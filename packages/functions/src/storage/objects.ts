import { Readable } from 'node:stream';
import {
  GetObjectCommand,
  HeadObjectCommand,
  type HeadObjectCommandOutput,
  paginateListObjectsV2,
  type S3Client,
} from '@aws-sdk/client-s3';
import { executionMetadata } from '@bclaw/spec/contract';
import { given } from '@bclaw/spec/given';
import { formatS3Uri, type ObjectOrigin, type S3Location } from '@bclaw/spec/run-time';
import { JobError } from '../errors.js';
import { isNoSuchBucket, isNotFound, refusedOr } from './failures.js';

/** An open object. */
export interface OpenObject {
  readonly body: Readable;
  readonly bytes: number;
  readonly origin: ObjectOrigin;
}

/**
 * Opens an object for reading.
 *
 * @returns undefined when it does not exist
 * @throws JobError `AccessDenied`
 */
export async function openObject(s3: S3Client, location: S3Location): Promise<OpenObject | undefined> {
  try {
    const got = await s3.send(new GetObjectCommand({ Bucket: location.bucket, Key: location.key }));
    const { Body: body, ContentLength: bytes = 0 } = got;
    if (!(body instanceof Readable)) throw new TypeError('The AWS SDK gave a body that is not a Node.js stream.');
    return { body, bytes, origin: originOf(got) };
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw refusedOr(error, `read ${formatS3Uri(location)}`);
  }
}

/** Text of an object, or the reason why there is none. */
export type ReadText =
  | { readonly kind: 'text'; readonly text: string; readonly origin: ObjectOrigin }
  | { readonly kind: 'missing' }
  | { readonly kind: 'too-large'; readonly bytes: number }
  | { readonly kind: 'not-text' };

/**
 * Reads a complete object as UTF-8 text.
 *
 * @param maxBytes a larger object is not read
 * @throws JobError `AccessDenied`
 */
export async function readText(s3: S3Client, location: S3Location, maxBytes: number): Promise<ReadText> {
  const object = await openObject(s3, location);
  if (object === undefined) return { kind: 'missing' };
  const { body, bytes, origin } = object;
  if (bytes > maxBytes) {
    body.destroy();
    return { kind: 'too-large', bytes };
  }
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
    return { kind: 'text', text, origin };
  } catch {
    return { kind: 'not-text' };
  }
}

/** The head of an object; undefined when it does not exist. */
export async function headObject(
  s3: S3Client,
  location: S3Location,
): Promise<{ readonly metadata: Readonly<Record<string, string>>; readonly origin: ObjectOrigin } | undefined> {
  try {
    const head = await s3.send(new HeadObjectCommand({ Bucket: location.bucket, Key: location.key }));
    return { metadata: head.Metadata ?? {}, origin: originOf(head) };
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw refusedOr(error, `read ${formatS3Uri(location)}`);
  }
}

function originOf({ LastModified: modified = new Date(), Metadata: metadata }: HeadObjectCommandOutput): ObjectOrigin {
  return { modified, ...given({ executionId: metadata?.[executionMetadata] }) };
}

/**
 * The objects of a bucket whose keys begin with a prefix, in the order of their UTF-8 bytes, page by page; @throws
 * JobError `BucketNotFound`, `AccessDenied`
 *
 * @param depth `folder`: without the objects of folders below the prefix; default: all
 */
export async function* listObjects(
  s3: S3Client,
  bucket: string,
  prefix: string,
  depth?: 'folder',
): AsyncGenerator<readonly { readonly key: string; readonly modified: Date }[]> {
  try {
    for await (const { Contents: contents = [] } of paginateListObjectsV2(
      { client: s3 },
      { Bucket: bucket, Prefix: prefix, ...(depth === 'folder' ? { Delimiter: '/' } : {}) },
    ))
      yield contents.flatMap(({ Key: key, LastModified: modified }) =>
        key === undefined || modified === undefined ? [] : [{ key, modified }],
      );
  } catch (error) {
    if (isNoSuchBucket(error))
      throw new JobError('BucketNotFound', `The bucket ${bucket} does not exist.`, {
        hint: 'Correct its name in the template, or in the job data that the template uses.',
        cause: error,
      });
    throw refusedOr(error, `list ${formatS3Uri({ bucket, key: prefix })}`);
  }
}
