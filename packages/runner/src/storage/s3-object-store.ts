import { Readable } from 'node:stream';
import {
  GetObjectCommand,
  type GetObjectCommandOutput,
  HeadObjectCommand,
  type HeadObjectCommandOutput,
  PutObjectCommand,
  paginateListObjectsV2,
  type S3Client,
} from '@aws-sdk/client-s3';
import { executionMetadata } from '@bclaw/spec/contract';
import { given } from '@bclaw/spec/given';
import type { S3Location } from '@bclaw/spec/run-time';
import type { Attributes, Checksum, ObjectInfo, ObjectStore } from './object-store.js';
import { uploadFile } from './s3-upload.js';
import { isMissing, storageError } from './storage-error.js';

/** S3 through the AWS SDK, which retries throttling and transient failures itself. */
export function createS3ObjectStore(client: S3Client): ObjectStore {
  return {
    async head(location) {
      try {
        const { bucket, key } = location;
        return infoOf(await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key, ChecksumMode: 'ENABLED' })));
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw storageError(error, 'read', location);
      }
    },

    async open(location, range) {
      try {
        const { bucket, key } = location;
        const output = await client.send(
          new GetObjectCommand({
            Bucket: bucket,
            Key: key,
            ...(range === undefined ? {} : { Range: `bytes=${range.first}-${range.last}`, IfMatch: range.etag }),
          }),
        );
        return { ...infoOf(output), body: readable(output) };
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw storageError(error, 'read', location);
      }
    },

    async *list(bucket, prefix, depth) {
      try {
        const request = { Bucket: bucket, Prefix: prefix, ...(depth === 'folder' ? { Delimiter: '/' } : {}) };
        for await (const page of paginateListObjectsV2({ client }, request)) {
          for (const { Key: key, Size: size, ETag: etag, LastModified: modified } of page.Contents ?? []) {
            if (key === undefined || size === undefined || modified === undefined) continue;
            yield { key, size, etag: etag ?? '', modified };
          }
        }
      } catch (error) {
        throw storageError(error, 'list', { bucket, key: prefix });
      }
    },

    async put(location, body, attributes) {
      try {
        await client.send(new PutObjectCommand({ ...target(location, attributes), Body: body }));
      } catch (error) {
        throw storageError(error, 'write', location);
      }
    },

    async putFile(location, file, attributes, limits) {
      try {
        await uploadFile(client, target(location, attributes), file, limits);
      } catch (error) {
        limits.stop.throwIfAborted();
        throw storageError(error, 'write', location);
      }
    },
  };
}

function target({ bucket, key }: S3Location, { tags, metadata }: Attributes) {
  const tagging = new URLSearchParams(tags).toString();
  return { Bucket: bucket, Key: key, Metadata: metadata, ...(tagging === '' ? {} : { Tagging: tagging }) };
}

function infoOf(output: GetObjectCommandOutput | HeadObjectCommandOutput): ObjectInfo {
  const checksum = checksumOf(output);
  return {
    size: output.ContentLength ?? 0,
    etag: output.ETag ?? '',
    modified: output.LastModified ?? new Date(),
    ...given({ executionId: output.Metadata?.[executionMetadata] }),
    ...given({ checksum }),
  };
}

/** A composite checksum (of the parts' checksums) cannot be compared with the bytes; its value ends in `-<parts>`. */
function checksumOf(output: GetObjectCommandOutput | HeadObjectCommandOutput): Checksum | undefined {
  const candidates: readonly [Checksum['algorithm'], string | undefined][] = [
    ['crc32', output.ChecksumCRC32],
    ['sha256', output.ChecksumSHA256],
    ['sha1', output.ChecksumSHA1],
  ];
  if (output.ChecksumType === 'COMPOSITE') return undefined;
  for (const [algorithm, value] of candidates)
    if (value !== undefined && !value.includes('-')) return { algorithm, value };
  return undefined;
}

function readable({ Body }: GetObjectCommandOutput): Readable {
  if (Body instanceof Readable) return Body;
  throw new TypeError('The AWS SDK gave a body that is not a Node.js stream.');
}
