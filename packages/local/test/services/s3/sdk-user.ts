import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import {
  CopyObjectCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  ListObjectVersionsCommand,
  paginateListObjectsV2,
  S3Client,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';

/** Input of the clients' writes. */
export interface Writing {
  readonly path: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly type: string;
}

/** An object as a client returns it. */
export interface Sight {
  readonly sha256: string;
  /** The bytes of a range, as Latin-1. */
  readonly part: string;
  readonly etag: string;
  readonly type: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
}

/** One of the programs that people use with S3, with its own defaults for checksums and parts. */
export interface S3User {
  readonly name: string;
  put(key: string, writing: Writing): Promise<void>;
  copy(source: string, key: string): Promise<void>;
  read(key: string, range: string, version?: string): Promise<Sight>;
  /** All keys with a prefix, listed in pages of the given size. */
  keys(prefix: string, page: number): Promise<readonly string[]>;
  /** Newest first. */
  versions(key: string): Promise<readonly { readonly id: string; readonly latest: boolean }[]>;
  /** A presigned URL of the object; undefined for a client without presigning. */
  presign(key: string): Promise<string | undefined>;
}

export const bucket = 'shared';
export const sha256 = (body: Uint8Array) => createHash('sha256').update(body).digest('hex');
export const tagging = (tags: Readonly<Record<string, string>>) => new URLSearchParams(tags).toString();
const partBytes = 5 * 1024 * 1024;

/** The AWS SDK for JavaScript. */
export function sdkUser(url: string): S3User & { close(): void } {
  const client = new S3Client({
    endpoint: url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'sdk', secretAccessKey: 'sdk' },
    forcePathStyle: true,
  });
  const at = (Key: string) => ({ Bucket: bucket, Key });
  return {
    name: 'the SDK',
    close: () => client.destroy(),
    async put(key, { path, metadata, tags, type }) {
      const params = {
        ...at(key),
        Body: createReadStream(path),
        Metadata: { ...metadata },
        Tagging: tagging(tags),
        ContentType: type,
      };
      await new Upload({ client, params, partSize: partBytes }).done();
    },
    async copy(source, key) {
      await client.send(
        new CopyObjectCommand({
          ...at(key),
          CopySource: `${bucket}/${source.split('/').map(encodeURIComponent).join('/')}`,
        }),
      );
    },
    async read(key, Range, VersionId) {
      const chosen = { ...at(key), ...(VersionId === undefined ? {} : { VersionId }) };
      const whole = await client.send(new GetObjectCommand({ ...chosen, ChecksumMode: 'ENABLED' }));
      const body = (await whole.Body?.transformToByteArray()) ?? new Uint8Array();
      const part = await client.send(new GetObjectCommand({ ...chosen, Range }));
      const { TagSet = [] } = await client.send(new GetObjectTaggingCommand(chosen));
      return {
        sha256: sha256(body),
        part: (await part.Body?.transformToString('latin1')) ?? '',
        etag: whole.ETag ?? '',
        type: whole.ContentType ?? '',
        metadata: whole.Metadata ?? {},
        tags: Object.fromEntries(TagSet.map(({ Key = '', Value = '' }) => [Key, Value])),
      };
    },
    async keys(Prefix, pageSize) {
      const keys: string[] = [];
      for await (const page of paginateListObjectsV2({ client, pageSize }, { Bucket: bucket, Prefix }))
        keys.push(...(page.Contents ?? []).map(({ Key = '' }) => Key));
      return keys;
    },
    async versions(key) {
      const { Versions = [] } = await client.send(new ListObjectVersionsCommand({ Bucket: bucket, Prefix: key }));
      return Versions.map(({ VersionId = '', IsLatest = false }) => ({ id: VersionId, latest: IsLatest }));
    },
    presign: async () => undefined,
  };
}
