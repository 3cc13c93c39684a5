import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import pLimit from 'p-limit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createS3ObjectStore, type ObjectStore } from '../../src/index.js';
import { download, type Transfers } from '../../src/storage/download.js';
import { JobWorld } from '../job-world.js';

describe('download', () => {
  let world: JobWorld;
  const large = randomBytes(50 * 1024 * 1024 + 17);
  beforeAll(async () => {
    world = await JobWorld.start();
    await world.put('large', large);
    await world.put('small', 'small');
    await world.put('empty', new Uint8Array());
  });
  afterAll(() => world.close());

  const transfersOf = (store: ObjectStore): Transfers => ({
    store,
    limit: pLimit(8),
    stop: new AbortController().signal,
  });
  const target = (name: string) => join(world.directory, name);

  it('fetches a large object in ranges and keeps every byte', async () => {
    const ranges: unknown[] = [];
    const store = createS3ObjectStore(world.s3);
    const watched: ObjectStore = {
      ...store,
      open: (location, range) => {
        if (range !== undefined) ranges.push(range);
        return store.open(location, range);
      },
    };
    const object = await download(transfersOf(watched), { bucket: 'data', key: 'large' }, target('large'));
    expect(object?.size).toBe(large.length);
    expect(ranges.length).toBeGreaterThan(2);
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(target('large'))) hash.update(chunk);
    expect(hash.digest('hex')).toBe(createHash('sha256').update(large).digest('hex'));
  });

  it('makes an empty file of an empty object', async () => {
    await download(transfersOf(createS3ObjectStore(world.s3)), { bucket: 'data', key: 'empty' }, target('empty'));
    expect((await stat(target('empty'))).size).toBe(0);
  });

  it('starts again when a connection breaks in the middle', async () => {
    const store = createS3ObjectStore(world.s3);
    let broken = 0;
    const flaky: ObjectStore = {
      ...store,
      async open(location) {
        const opened = await store.open(location);
        if (opened === undefined || broken === 2) return opened;
        broken += 1;
        opened.body.destroy();
        return { ...opened, body: Readable.from(['sm']) };
      },
    };
    await download(transfersOf(flaky), { bucket: 'data', key: 'small' }, target('flaky'));
    expect(await readFile(target('flaky'), 'utf8')).toBe('small');
    expect(broken).toBe(2);
  });

  /** A store whose last range fails while all earlier ranges are in progress, a given number of times. */
  const failingLate = (code: string, times: number): ObjectStore => {
    const store = createS3ObjectStore(world.s3);
    let failed = 0;
    return {
      ...store,
      async open(location, range) {
        const opened = await store.open(location, range);
        if (opened === undefined || range === undefined || failed === times) return opened;
        opened.body.destroy();
        if (range.last !== large.length - 1) return { ...opened, body: new Readable({ read() {} }) };
        failed += 1;
        return { ...opened, body: Readable.from(brokenBy(code)) };
      },
    };
  };
  async function* brokenBy(code: string) {
    yield 'some';
    throw Object.assign(new Error(code), { code });
  }

  it('tells what failed first, not that the ranges beside it were aborted', async () => {
    const full = transfersOf(failingLate('ENOSPC', 1));
    await expect(download(full, { bucket: 'data', key: 'large' }, target('late'))).rejects.toMatchObject({
      code: 'disk-full',
    });
  });

  it('starts again when the connection of one range breaks while others are on their way', async () => {
    const flaky = transfersOf(failingLate('ECONNRESET', 1));
    const object = await download(flaky, { bucket: 'data', key: 'large' }, target('again'));
    expect((await stat(target('again'))).size).toBe(object?.size);
  });

  it('refuses bytes that are not those that S3 keeps', async () => {
    const store = createS3ObjectStore(world.s3);
    const lying: ObjectStore = {
      ...store,
      async open(location, range) {
        const opened = await store.open(location, range);
        if (opened === undefined || range === undefined) return opened;
        opened.body.destroy();
        return { ...opened, body: Readable.from([Buffer.alloc(range.last - range.first + 1)]) };
      },
    };
    await expect(download(transfersOf(lying), { bucket: 'data', key: 'large' }, target('lie'))).rejects.toMatchObject({
      code: 'damaged-download',
    });
  });

  it('names the bucket that does not exist', async () => {
    const store = createS3ObjectStore(world.s3);
    await expect(download(transfersOf(store), { bucket: 'no-such', key: 'x' }, target('x'))).rejects.toMatchObject({
      code: 'no-such-bucket',
      message: expect.stringContaining('no-such'),
    });
  });

  it('says that the disk cannot be written', async () => {
    await mkdir(target('folder'));
    const store = createS3ObjectStore(world.s3);
    await expect(
      download(transfersOf(store), { bucket: 'data', key: 'small' }, target('folder')),
    ).rejects.toMatchObject({ code: 'storage-failed' });
  });

  it('uploads a large file in parts, whole', async () => {
    await world.run({
      step: { commands: ['head -c 20000000 /dev/zero | tr "\\0" x > big.bin'], outputs: { big: { file: 'big.bin' } } },
    });
    const text = await world.text('repo/big.bin');
    expect(text.length).toBe(20_000_000);
    // Not a regular expression, whose stack overflows on so long a text now and then.
    expect(text === 'x'.repeat(20_000_000)).toBe(true);
  });
});
