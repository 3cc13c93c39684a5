import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, describe, expect, it } from 'vitest';
import { downloadFile, downloadFolder, ensureBucket, readText, requireS3Uri, uploadFile } from '../../src/index.js';
import { useEngine } from '../engine.js';

const engine = useEngine({ core: false });
const folder = mkdtempSync(join(tmpdir(), 'bclaw-objects-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('objects in S3', () => {
  it('have a bucket of a name that S3 takes, or the rule is told', async () => {
    for (const bucket of ['My_Data', 'ab', '-data', 'a..b', '10.0.0.1'])
      await expect(ensureBucket(engine.clients, bucket)).rejects.toMatchObject({
        code: 'bad-s3-uri',
        message: `There can be no bucket named "${bucket}".`,
        hint: expect.stringContaining('3 to 63 lower-case letters'),
      });
  });

  it('go up from a file and come down as a folder', async () => {
    expect(await ensureBucket(engine.clients, 'first-bucket')).toBe('created');
    expect(await ensureBucket(engine.clients, 'first-bucket')).toBe('present');
    const source = join(folder, 'source.txt');
    writeFileSync(source, 'text\n');
    await uploadFile(engine.clients, source, requireS3Uri('s3://first-bucket/run/a/b.txt'));
    await uploadFile(engine.clients, source, requireS3Uri('s3://first-bucket/run-2/c.txt'));
    const out = join(folder, 'out');
    expect(await downloadFolder(engine.clients, { bucket: 'first-bucket', key: 'run' }, out)).toEqual(['a/b.txt']);
    expect(readFileSync(join(out, 'a', 'b.txt'), 'utf8')).toBe('text\n');
    expect(await readText(engine.clients, requireS3Uri('s3://first-bucket/run-2/c.txt'))).toBe('text\n');
    expect(await readText(engine.clients, requireS3Uri('s3://first-bucket/nothing'))).toBeUndefined();
  });

  it('never land outside of the folder, whatever their keys', async () => {
    await ensureBucket(engine.clients, 'hostile-bucket');
    await engine.clients.s3.send(
      new PutObjectCommand({ Bucket: 'hostile-bucket', Key: 'run/../../escaped.txt', Body: 'x' }),
    );
    await expect(
      downloadFolder(engine.clients, { bucket: 'hostile-bucket', key: 'run' }, join(folder, 'deep', 'out')),
    ).rejects.toMatchObject({ code: 'bad-key' });
  });

  it('that no file can be named after are refused, and keep no connection open', async () => {
    await ensureBucket(engine.clients, 'odd-bucket');
    const Key = 'run/nul\0byte';
    await engine.clients.s3.send(new PutObjectCommand({ Bucket: 'odd-bucket', Key, Body: 'x' }));
    const below = { bucket: 'odd-bucket', key: 'run' };
    await expect(downloadFolder(engine.clients, below, join(folder, 'odd'))).rejects.toMatchObject({
      code: 'bad-key',
      message: 'No file can have the name of the object "s3://odd-bucket/run/nul\\u0000byte".',
    });
    const bodies: unknown[] = [];
    const client = engine.clients.s3;
    client.middlewareStack.add(
      (next) => async (args) => {
        const result = await next(args);
        bodies.push(Reflect.get(result.output, 'Body'));
        return result;
      },
      { name: 'bodies' },
    );
    const file = downloadFile(engine.clients, { ...below, key: Key }, join(folder, 'odd', 'nul\0byte'));
    await expect(file).rejects.toThrow('null bytes');
    client.middlewareStack.remove('bodies');
    // The body is no longer read: it must not keep the process alive.
    expect(bodies).toEqual([expect.objectContaining({ destroyed: true })]);
  });

  it('are refused when their names are too long for a file', async () => {
    await ensureBucket(engine.clients, 'long-bucket');
    const Key = `run/${'n'.repeat(256)}`;
    await engine.clients.s3.send(new PutObjectCommand({ Bucket: 'long-bucket', Key, Body: 'x' }));
    const below = { bucket: 'long-bucket', key: 'run' };
    await expect(downloadFolder(engine.clients, below, join(folder, 'long'))).rejects.toMatchObject({
      code: 'bad-key',
    });
  });

  it('have URIs', () => {
    expect(() => requireS3Uri('https://example.com')).toThrow('not an S3 URI');
  });
});
