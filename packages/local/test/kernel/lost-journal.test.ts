import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startEngine } from '../../src/kernel/engine.js';
import { RunningEngine } from '../running-engine.js';

describe('an engine whose journal was lost or damaged', () => {
  let engine: RunningEngine;
  const Bucket = 'lab';
  const put = async (...keys: readonly string[]) => {
    const s3 = new S3Client({ ...engine.client, forcePathStyle: true });
    for (const Key of keys) await s3.send(new PutObjectCommand({ Bucket, Key, Body: `content of ${Key}` }));
  };
  const journal = () => join(engine.directory, 'journal.jsonl');
  const lost = () => {
    const folder = join(engine.directory, 's3/lost');
    return existsSync(folder) ? readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8')) : [];
  };
  beforeEach(async () => {
    engine = await RunningEngine.start();
    await new S3Client({ ...engine.client, forcePathStyle: true }).send(new CreateBucketCommand({ Bucket }));
    await put('a', 'b');
    await engine.close();
  });
  afterEach(() => engine.dispose());

  it('keeps the content of all objects when the journal is missing', async () => {
    rmSync(journal());
    await engine.open();
    expect(lost().sort()).toEqual(['content of a', 'content of b']);
    await engine.close();
    await engine.open();
    expect(lost()).toHaveLength(2);
  });

  it('does not start on a damaged journal, and goes on from what is whole when that is wished', async () => {
    // The first record is the state at the start; those of this run follow it.
    const whole = readFileSync(journal());
    const damaged = Buffer.from(whole);
    damaged[whole.length - 5] = 0x23;
    writeFileSync(journal(), damaged);
    await expect(engine.open()).rejects.toThrow(/journal\.jsonl:\d+: this record .* is damaged\. Nothing was changed/);
    expect(lost()).toEqual([]);

    const said: string[] = [];
    const recovered = await startEngine({
      directory: engine.directory,
      recover: true,
      log: { info: () => {}, error: (message, fields) => said.push(`${message} ${JSON.stringify(fields)}`) },
    });
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const s3 = new S3Client({ endpoint: recovered.url, region: 'us-east-1', credentials, forcePathStyle: true });
    const body = async (Key: string) =>
      (await s3.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString();
    const kept = await Promise.all(['a', 'b'].map((key) => body(key).catch(() => undefined)));
    const there = [...kept.filter((text) => text !== undefined), ...lost()].sort();
    expect(there).toEqual(['content of a', 'content of b']);
    expect(lost().length).toBe(kept.filter((text) => text === undefined).length);
    expect(said.join()).toMatch(lost().length > 0 ? /set aside/ : /^$/);
    await recovered.close();
  });
});
