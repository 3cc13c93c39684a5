import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudWatchLogsClient, CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { removeEngineDirectory, startEngine } from '../../src/index.js';

/** Runs a function as an unprivileged user who owns the tree, so that permissions are enforced. */
function asSomebody<T>(tree: string, work: () => T): T {
  if (process.getuid?.() !== 0) return work();
  const nobody = 65534;
  for (const name of ['.', ...readdirSync(tree, { recursive: true, encoding: 'utf8' })])
    chownSync(join(tree, name), nobody, nobody);
  process.seteuid?.(nobody);
  try {
    return work();
  } finally {
    process.seteuid?.(0);
  }
}

describe('removeEngineDirectory', () => {
  let parent: string;
  let directory: string;
  beforeEach(() => {
    parent = mkdtempSync(join(tmpdir(), 'bclaw-remove-'));
    directory = join(parent, 'engine');
  });
  afterEach(() => rmSync(parent, { recursive: true, force: true }));

  it('deletes all that an engine left', async () => {
    const engine = await startEngine({ directory });
    const client = {
      endpoint: engine.url,
      region: engine.region,
      credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
    };
    const s3 = new S3Client({ ...client, forcePathStyle: true });
    await s3.send(new CreateBucketCommand({ Bucket: 'some-data' }));
    await s3.send(new PutObjectCommand({ Bucket: 'some-data', Key: 'k', Body: 'content' }));
    await new CloudWatchLogsClient(client).send(new CreateLogGroupCommand({ logGroupName: 'g' }));
    await engine.close();
    expect(removeEngineDirectory(directory)).toBe(true);
    expect(existsSync(directory)).toBe(false);
  });

  it('deletes read-only folders that jobs made, also for a user who is not root', () => {
    const folder = join(directory, 'batch/scratch/jobs/job-1/job/workspace/mod/x');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'f'), '');
    for (const path of [folder, join(folder, '..')]) chmodSync(path, 0o555);
    expect(asSomebody(parent, () => removeEngineDirectory(directory))).toBe(true);
    expect(existsSync(directory)).toBe(false);
  });

  it('deletes nothing below a living engine, whether that answers or not', async () => {
    const engine = await startEngine({ directory });
    // The file with the engine's address may be missing: it is written last.
    rmSync(join(directory, 'engine.json'));
    const before = readdirSync(directory);
    expect(() => removeEngineDirectory(directory)).toThrow(/An engine is already running in .* \(process \d+\)/);
    expect(readdirSync(directory)).toEqual(before);
    await engine.close();
  });

  it('deletes nothing where there is more than an engine keeps', () => {
    mkdirSync(join(directory, 'logs'), { recursive: true });
    for (const name of ['journal.jsonl', 'workflow.yaml', 'thesis.tex', 'a', 'b'])
      writeFileSync(join(directory, name), '');
    expect(() => removeEngineDirectory(directory)).toThrow(
      `${directory} has more in it than an engine keeps: a, b, thesis.tex, …. Nothing was deleted.`,
    );
    expect(readdirSync(directory)).toHaveLength(6);
  });

  it('says that there was nothing', () => {
    expect(removeEngineDirectory(directory)).toBe(false);
    mkdirSync(directory);
    expect(removeEngineDirectory(directory)).toBe(true);
  });
});
