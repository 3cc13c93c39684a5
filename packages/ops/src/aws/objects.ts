import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  CreateBucketCommand,
  type CreateBucketCommandInput,
  GetObjectCommand,
  HeadBucketCommand,
  PutObjectCommand,
  paginateListObjectsV2,
} from '@aws-sdk/client-s3';
import { BclawError, bucketNameRule, isBucketName, parseS3Uri, type S3Location } from '@bclaw/spec';
import type { Clients } from './clients.js';
import { isAwsError } from './explain-error.js';
import { inParallel } from './in-parallel.js';

/**
 * Parses `s3://bucket/key`.
 *
 * @throws BclawError `bad-s3-uri`
 */
export function requireS3Uri(uri: string): S3Location {
  const location = parseS3Uri(uri);
  if (location !== undefined) return location;
  throw new BclawError('bad-s3-uri', `"${uri}" is not an S3 URI.`, { hint: 'Write s3://bucket/key.' });
}

/** Returns true if the bucket exists and these credentials can access it. */
export async function bucketExists(clients: Pick<Clients, 's3'>, bucket: string): Promise<boolean> {
  try {
    await clients.s3.send(new HeadBucketCommand({ Bucket: bucket }));
    return true;
  } catch (error) {
    // A HEAD response has no body with an error code: 404 is `NotFound`.
    if (isAwsError(error, 'NotFound', 'NoSuchBucket')) return false;
    throw error;
  }
}

/**
 * Creates a bucket if it does not exist.
 *
 * @throws BclawError `bad-s3-uri` for an invalid bucket name
 */
export async function ensureBucket(clients: Pick<Clients, 's3'>, bucket: string): Promise<'created' | 'present'> {
  if (!isBucketName(bucket))
    throw new BclawError('bad-s3-uri', `There can be no bucket named "${bucket}".`, { hint: bucketNameRule });
  if (await bucketExists(clients, bucket)) return 'present';
  const region = await clients.s3.config.region();
  const request: CreateBucketCommandInput = { Bucket: bucket };
  // S3 rejects us-east-1 as a location constraint, and requires one for every other region.
  if (region !== 'us-east-1') {
    request.CreateBucketConfiguration = {
      LocationConstraint: region as NonNullable<
        CreateBucketCommandInput['CreateBucketConfiguration']
      >['LocationConstraint'],
    };
  }
  try {
    await clients.s3.send(new CreateBucketCommand(request));
  } catch (error) {
    if (isAwsError(error, 'BucketAlreadyOwnedByYou')) return 'present';
    throw error;
  }
  return 'created';
}

/** Uploads a local file (up to 5 GiB, S3's limit for one request). */
export async function uploadFile(clients: Pick<Clients, 's3'>, path: string, to: S3Location): Promise<void> {
  const { size } = await stat(path);
  await clients.s3.send(
    new PutObjectCommand({ Bucket: to.bucket, Key: to.key, Body: createReadStream(path), ContentLength: size }),
  );
}

/** The text of an object, or `undefined` when there is none. */
export async function readText(clients: Pick<Clients, 's3'>, from: S3Location): Promise<string | undefined> {
  try {
    const { Body } = await clients.s3.send(new GetObjectCommand({ Bucket: from.bucket, Key: from.key }));
    return await Body?.transformToString();
  } catch (error) {
    if (isAwsError(error, 'NoSuchKey')) return undefined;
    throw error;
  }
}

/** Keys and sizes of the objects below a prefix, in S3's order. */
export async function listObjects(
  clients: Pick<Clients, 's3'>,
  below: S3Location,
): Promise<{ key: string; bytes: number }[]> {
  const objects: { key: string; bytes: number }[] = [];
  for await (const page of paginateListObjectsV2({ client: clients.s3 }, { Bucket: below.bucket, Prefix: below.key })) {
    for (const { Key, Size } of page.Contents ?? [])
      if (Key !== undefined) objects.push({ key: Key, bytes: Size ?? 0 });
  }
  return objects;
}

/**
 * Downloads the objects below a prefix to a folder, under the rest of their keys.
 *
 * @returns the files' paths relative to the folder
 */
export async function downloadFolder(
  clients: Pick<Clients, 's3'>,
  from: S3Location,
  folder: string,
): Promise<string[]> {
  const prefix = from.key === '' || from.key.endsWith('/') ? from.key : `${from.key}/`;
  const objects = await listObjects(clients, { bucket: from.bucket, key: prefix });
  const files = objects.filter(({ key }) => !key.endsWith('/'));
  return await inParallel(files, async ({ key }) => {
    const name = key.slice(prefix.length);
    const path = join(folder, name);
    if (!path.startsWith(join(folder, sep))) {
      throw new BclawError('bad-key', `The object s3://${from.bucket}/${key} would land outside of ${folder}.`);
    }
    if (name.includes('\0') || isTooLong(name))
      throw new BclawError(
        'bad-key',
        `No file can have the name of the object ${JSON.stringify(`s3://${from.bucket}/${key}`)}.`,
      );
    await downloadFile(clients, { bucket: from.bucket, key }, path);
    return name;
  });
}

/** Linux: a name in a folder has at most 255 bytes. */
function isTooLong(name: string): boolean {
  return name.split('/').some((part) => Buffer.byteLength(part) > 255);
}

/** Downloads an object to a file and creates the file's folder if necessary. */
export async function downloadFile(clients: Pick<Clients, 's3'>, from: S3Location, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const { Body } = await clients.s3.send(new GetObjectCommand({ Bucket: from.bucket, Key: from.key }));
  if (!(Body instanceof Readable)) return;
  try {
    await pipeline(Body, createWriteStream(path));
  } catch (error) {
    // If the file cannot be opened, the body stays unread, and its connection would keep the process alive.
    Body.destroy();
    throw error;
  }
}
