import { type ChildProcess, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { bucket, type S3User, sha256, tagging } from '../../packages/local/test/services/s3/sdk-user.js';
import { type TestEngine, venv } from '../engine.js';

/** The AWS CLI, with a user's commands. */
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
      // `aws s3 cp` of version 1 copies large objects in parts, without metadata and tags.
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

/** boto3, in its own Python process. */
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
