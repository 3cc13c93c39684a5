import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import {
  CopyObjectCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  ListObjectVersionsCommand,
  paginateListObjectsV2,
  S3Client,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { type TestEngine, venv } from '../engine.js';

/** What the clients write. */
export interface Writing {
  readonly path: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly type: string;
}

/** What a client sees of an object. */
export interface Sight {
  readonly sha256: string;
  /** The bytes of a range, as Latin-1. */
  readonly part: string;
  readonly etag: string;
  readonly type: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
}

/** One of the programs that people use with S3, each with its own defaults for checksums and parts. */
export interface S3User {
  readonly name: string;
  put(key: string, writing: Writing): Promise<void>;
  copy(source: string, key: string): Promise<void>;
  read(key: string, range: string, version?: string): Promise<Sight>;
  /** All keys below a prefix, asked for in pages of that many. */
  keys(prefix: string, page: number): Promise<readonly string[]>;
  /** Newest first. */
  versions(key: string): Promise<readonly { readonly id: string; readonly latest: boolean }[]>;
  /** A URL to read the object with; undefined for a client without. */
  presign(key: string): Promise<string | undefined>;
}

export const bucket = 'shared';
const sha256 = (body: Uint8Array) => createHash('sha256').update(body).digest('hex');
const tagging = (tags: Readonly<Record<string, string>>) => new URLSearchParams(tags).toString();
const partBytes = 5 * 1024 * 1024;

/** The AWS SDK for JavaScript. */
export function sdkUser(engine: TestEngine): S3User & { close(): void } {
  const client = new S3Client({
    endpoint: engine.url,
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

/** The AWS CLI: what a user types. */
export function cliUser(engine: TestEngine): S3User {
  const api = async (operation: string, ...args: string[]) =>
    JSON.parse((await engine.aws('s3api', operation, '--bucket', bucket, ...args, '--output', 'json')) || '{}');
  let files = 0;
  const read = async (key: string, ...args: string[]) => {
    files += 1;
    const file = join(engine.folder, `read-${files}`);
    const answer = await api('get-object', '--key', key, ...args, file);
    return { answer, body: await readFile(file) };
  };
  return {
    name: 'the AWS CLI',
    async put(key, { path, metadata, tags, type }) {
      await engine.aws(
        's3',
        'cp',
        path,
        `s3://${bucket}/${key}`,
        '--metadata',
        JSON.stringify(metadata),
        '--content-type',
        type,
      );
      const TagSet = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
      await api('put-object-tagging', '--key', key, '--tagging', JSON.stringify({ TagSet }));
    },
    async copy(source, key) {
      // `aws s3 cp` of version 1 copies large objects in parts, and then without metadata and tags.
      await api('copy-object', '--key', key, '--copy-source', `${bucket}/${source}`);
    },
    async read(key, range, version) {
      const chosen = version === undefined ? [] : ['--version-id', version];
      const whole = await read(key, '--checksum-mode', 'ENABLED', ...chosen);
      const part = await read(key, '--range', range, ...chosen);
      const { TagSet } = await api('get-object-tagging', '--key', key, ...chosen);
      return {
        sha256: sha256(whole.body),
        part: part.body.toString('latin1'),
        etag: whole.answer.ETag,
        type: whole.answer.ContentType,
        metadata: whole.answer.Metadata,
        tags: Object.fromEntries(TagSet.map((tag: { Key: string; Value: string }) => [tag.Key, tag.Value])),
      };
    },
    async keys(prefix, page) {
      const { Contents = [] } = await api('list-objects-v2', '--prefix', prefix, '--page-size', String(page));
      return Contents.map(({ Key }: { Key: string }) => Key);
    },
    async versions(key) {
      const { Versions } = await api('list-object-versions', '--prefix', key);
      return Versions.map((each: { VersionId: string; IsLatest: boolean }) => ({
        id: each.VersionId,
        latest: each.IsLatest,
      }));
    },
    presign: async (key) => (await engine.aws('s3', 'presign', `s3://${bucket}/${key}`, '--expires-in', '60')).trim(),
  };
}

/** boto3, in a Python of its own. */
export function boto3User(engine: TestEngine): S3User & { close(): void } {
  const program = new URL('boto3_client.py', import.meta.url).pathname;
  const child: ChildProcess = spawn(join(venv, 'python'), [program], {
    env: engine.env,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  if (child.stdout === null) throw new Error('no pipe from Python');
  const lines: Interface = createInterface({ input: child.stdout });
  const answers = lines[Symbol.asyncIterator]();
  // biome-ignore lint/suspicious/noExplicitAny: what boto3 answered, compared by the test
  const ask = async (call: string, rest: object): Promise<any> => {
    child.stdin?.write(`${JSON.stringify({ call, bucket, ...rest })}\n`);
    const { value, done } = await answers.next();
    if (done === true) throw new Error(`boto3 could not ${call} ${JSON.stringify(rest)}`);
    return JSON.parse(value).result;
  };
  return {
    name: 'boto3',
    close: () => {
      child.stdin?.end();
    },
    put: (key, { path, metadata, tags, type }) =>
      ask('put', { key, path, metadata, tagging: tagging(tags), content_type: type }),
    copy: (source, key) => ask('copy', { key, source }),
    read: (key, range, version) => ask('read', { key, range, ...(version === undefined ? {} : { version }) }),
    keys: (prefix, page) => ask('keys', { prefix, page }),
    versions: (key) => ask('versions', { key }),
    presign: (key) => ask('presign', { key }),
  };
}
