import { type ChildProcess, fork } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  ListPartsCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bundledProgram } from '../../bundled-program.js';
import { S3Server } from './s3-server.js';

let server: S3Server;
beforeEach(async () => {
  server = new S3Server();
  await server.start();
});
afterEach(() => server.dispose());

const Bucket = 'durable';

async function restart() {
  await server.stop();
  await server.start();
  return server.client();
}

const files = (folder: string): string[] =>
  readdirSync(join(server.directory, 's3', folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name);

describe('after a restart', () => {
  it('objects, settings and uploads under way are what they were', async () => {
    let client = server.client();
    await client.send(new CreateBucketCommand({ Bucket }));
    await client.send(new PutObjectCommand({ Bucket, Key: 'kept', Body: 'content', Metadata: { a: 'b' } }));
    await client.send(new PutObjectCommand({ Bucket, Key: 'kept', Body: 'newer', Metadata: { a: 'c' } }));
    await client.send(new PutObjectCommand({ Bucket, Key: 'gone', Body: 'x' }));
    await client.send(new DeleteObjectCommand({ Bucket, Key: 'gone' }));
    const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key: 'up' }));
    const { ETag } = await client.send(
      new UploadPartCommand({ Bucket, Key: 'up', UploadId, PartNumber: 1, Body: 'part' }),
    );
    client = await restart();
    const { Contents } = await client.send(new ListObjectsV2Command({ Bucket }));
    expect(Contents?.map(({ Key }) => Key)).toEqual(['kept']);
    const got = await client.send(new GetObjectCommand({ Bucket, Key: 'kept' }));
    expect(await got.Body?.transformToString()).toBe('newer');
    expect(got.Metadata).toEqual({ a: 'c' });
    const { Parts } = await client.send(new ListPartsCommand({ Bucket, Key: 'up', UploadId }));
    expect(Parts).toHaveLength(1);
    const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] };
    await client.send(new CompleteMultipartUploadCommand({ Bucket, Key: 'up', UploadId, MultipartUpload }));
    client = await restart();
    const up = await client.send(new GetObjectCommand({ Bucket, Key: 'up' }));
    expect(await up.Body?.transformToString()).toBe('part');
  });

  it('files that belong to nothing are gone', async () => {
    const client = server.client();
    await client.send(new CreateBucketCommand({ Bucket }));
    await client.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x' }));
    const orphan = 'ab000000-0000-4000-8000-000000000000';
    writeFileSync(join(server.directory, 's3', 'contents', 'a', orphan), 'orphan');
    writeFileSync(join(server.directory, 's3', 'incoming', 'half'), 'half');
    await restart();
    expect(files('incoming')).toEqual([]);
    expect(files('contents')).toHaveLength(1);
  });
});

describe('after kill -9', () => {
  it('every object that was answered for is there and whole', async () => {
    // The engine of this test runs in this process, so another program with the same code and directory is killed.
    await server.stop();
    const program = await bundledProgram(new URL('./writer-program.ts', import.meta.url), server.directory);
    const child: ChildProcess = fork(program, [server.directory]);
    const answered: string[] = [];
    await new Promise<void>((resolve, reject) => {
      child.on('message', (key) => {
        answered.push(String(key));
        if (answered.length === 60) child.kill('SIGKILL');
      });
      child.on('error', reject);
      child.on('exit', () => resolve());
    });
    expect(answered.length).toBeGreaterThanOrEqual(60);
    await server.start();
    const client = server.client();
    for (const Key of answered) {
      const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
      expect(await Body?.transformToString(), Key).toBe(`content of ${Key} `.repeat(1000));
    }
    expect(files('incoming')).toEqual([]);
    const { KeyCount = 0 } = await client.send(new ListObjectsV2Command({ Bucket }));
    expect(files('contents')).toHaveLength(KeyCount);
  });
});
