import { createHash, randomBytes } from 'node:crypto';
import { utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bucket, type S3User, sdkUser, type Writing } from '../../packages/local/test/services/s3/sdk-user.js';
import { startTestEngine, type TestEngine } from '../engine.js';
import { boto3User, cliUser } from './clients.js';

/** Three clients that share one bucket: each must see exactly what the others wrote. */
describe("the engine's S3 between the SDK, the AWS CLI and boto3", () => {
  let engine: TestEngine;
  let users: readonly S3User[];
  let closing: readonly (() => void)[];
  beforeAll(async () => {
    engine = await startTestEngine();
    const [sdk, boto3] = [sdkUser(engine.url), boto3User(engine)];
    users = [sdk, cliUser(engine), boto3];
    closing = [sdk.close, boto3.close];
    await engine.aws('s3', 'mb', `s3://${bucket}`);
    await engine.aws(
      ...`s3api put-bucket-versioning --bucket ${bucket} --versioning-configuration Status=Enabled`.split(' '),
    );
  });
  afterAll(async () => {
    for (const close of closing ?? []) close();
    await engine?.stop();
  });

  async function writing(name: string, body: Buffer): Promise<Writing & { readonly sha256: string }> {
    const path = join(engine.folder, name);
    await writeFile(path, body);
    return {
      path,
      sha256: createHash('sha256').update(body).digest('hex'),
      metadata: { sample: 'S 1', 'run-id': '42' },
      tags: { 'cost center': 'a+b/c=d', owner: 'öl' },
      type: 'text/x-fasta',
    };
  }
  const others = (user: S3User) => users.filter((each) => each !== user);

  describe.each([
    ['a small file', 1_000, 'plain/small.txt'],
    ['a key with spaces and unicode', 1_000, 'reads of Ärzte/日本 1+2=3 & more%.txt'],
    ['a file in parts', 12 * 1024 * 1024 + 7, 'large/parts.bin'],
  ])('%s', (_, size, key) => {
    it.each([0, 1, 2])('written by client %i is read by the others', async (index) => {
      const user = users[index];
      if (user === undefined) throw new Error(`no client ${index}`);
      const own = `${index}/${key}`;
      const body = randomBytes(size);
      const file = await writing(`file-${index}`, body);
      await user.put(own, file);
      await user.copy(own, `copy-${own}`);
      const expected = {
        sha256: file.sha256,
        part: body.subarray(10, 20).toString('latin1'),
        type: file.type,
        metadata: file.metadata,
        tags: file.tags,
      };
      const sights = await Promise.all(others(user).map((other) => other.read(own, 'bytes=10-19')));
      for (const sight of sights) expect(sight).toMatchObject(expected);
      expect(new Set(sights.map(({ etag }) => etag)).size).toBe(1);
      const [reader] = others(user);
      expect(await reader?.read(`copy-${own}`, 'bytes=10-19')).toMatchObject({
        sha256: file.sha256,
        metadata: file.metadata,
        tags: file.tags,
      });
    });
  });

  it('is listed alike in pages of any size', async () => {
    const names = [...'zyxwvutsrq', 'a b', 'a+b', 'ä', 'Z', '~', '日', '<&>"', 'a%20b', 'a//b', "it's"];
    const small = await writing('small', Buffer.from('x'));
    const [sdk] = users;
    for (const name of names) await sdk?.put(`listed/${name}`, small);
    const lists = await Promise.all(users.map((user, index) => user.keys('listed/', 3 + index)));
    // S3 sorts by the bytes of UTF-8.
    const expected = names
      .map((name) => `listed/${name}`)
      .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    for (const list of lists) expect(list).toEqual(expected);
  });

  it('has versions that each can read', async () => {
    const key = 'versioned/file one.txt';
    const bodies: string[] = [];
    for (const [index, user] of users.entries()) {
      const file = await writing(`v${index}`, Buffer.from(`version ${index} of it`));
      bodies.unshift(file.sha256);
      await user.put(key, file);
    }
    const lists = await Promise.all(users.map((user) => user.versions(key)));
    for (const list of lists) expect(list).toEqual(lists[0]);
    const versions = lists[0] ?? [];
    expect(versions.map(({ latest }) => latest)).toEqual([true, false, false]);
    for (const [index, user] of users.entries()) {
      const at = (index + 1) % 3;
      expect((await user.read(key, 'bytes=0-0', versions[at]?.id)).sha256).toBe(bodies[at]);
    }
  });

  it('is read by anyone with a presigned URL', async () => {
    const key = 'presigned/öl & more.txt';
    const file = await writing('p', Buffer.from('for your eyes'));
    await users[0]?.put(key, file);
    const urls = (await Promise.all(users.map((user) => user.presign(key)))).filter((url) => url !== undefined);
    expect(urls).toHaveLength(2);
    for (const url of urls) expect(await (await fetch(url)).text()).toBe('for your eyes');
  });

  it('syncs folders both ways by the AWS CLI', async () => {
    const folder = join(engine.folder, 'sync');
    await engine.aws('s3', 'sync', `s3://${bucket}/listed/`, folder, '--exclude', '*//*');
    await writeFile(join(folder, 'new one.txt'), 'new');
    // S3's times have a resolution of seconds: a newer file counts as changed.
    await utimes(join(folder, 'new one.txt'), 1e9, 1e9);
    const uploaded = await engine.aws('s3', 'sync', folder, `s3://${bucket}/synced/`);
    expect(uploaded).toContain('new one.txt');
    expect(await engine.aws('s3', 'sync', folder, `s3://${bucket}/synced/`)).toBe('');
    await engine.aws('s3', 'rm', '--recursive', `s3://${bucket}/synced/`);
    expect(await users[2]?.keys('synced/', 100)).toEqual([]);
  });
});
