import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failure, S3Server } from './s3-server.js';

const server = new S3Server();
beforeAll(() => server.start());
afterAll(() => server.dispose());

async function versioned(Bucket: string) {
  const client = server.client();
  await client.send(new CreateBucketCommand({ Bucket }));
  await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
  const put = async (Key: string, Body: string) => {
    const { VersionId } = await client.send(new PutObjectCommand({ Bucket, Key, Body }));
    return VersionId ?? '';
  };
  const text = async (Key: string, VersionId?: string) => {
    const { Body } = await client.send(
      new GetObjectCommand({ Bucket, Key, ...(VersionId === undefined ? {} : { VersionId }) }),
    );
    return Body?.transformToString();
  };
  return { client, put, text, Bucket };
}

describe('versioned buckets', () => {
  it('keep every version and show the newest', async () => {
    const { put, text } = await versioned('keep');
    const first = await put('k', '1');
    const second = await put('k', '2');
    expect(first).toMatch(/^[\w.]{32}$/);
    expect(second).not.toBe(first);
    expect(await text('k')).toBe('2');
    expect(await text('k', first)).toBe('1');
  });

  it('hide a deleted object behind a marker, and show it again when the marker goes', async () => {
    const { client, put, text, Bucket } = await versioned('markers');
    const version = await put('k', '1');
    const deleted = await client.send(new DeleteObjectCommand({ Bucket, Key: 'k' }));
    expect(deleted.DeleteMarker).toBe(true);
    const VersionId = deleted.VersionId ?? '';
    expect(await failure(text('k'))).toEqual({ code: 'NoSuchKey', status: 404 });
    expect(await failure(text('k', VersionId))).toEqual({ code: 'MethodNotAllowed', status: 405 });
    expect((await failure(client.send(new HeadObjectCommand({ Bucket, Key: 'k', VersionId })))).status).toBe(405);
    expect(await text('k', version)).toBe('1');
    expect((await client.send(new ListObjectsV2Command({ Bucket }))).KeyCount).toBe(0);
    const raw = await fetch(`${server.url}/${Bucket}/k`);
    expect(raw.headers.get('x-amz-delete-marker')).toBe('true');
    const undone = await client.send(new DeleteObjectCommand({ Bucket, Key: 'k', VersionId }));
    expect(undone.DeleteMarker).toBe(true);
    expect(await text('k')).toBe('1');
  });

  it('delete a named version for good', async () => {
    const { client, put, text, Bucket } = await versioned('for-good');
    const first = await put('k', '1');
    await put('k', '2');
    await client.send(new DeleteObjectCommand({ Bucket, Key: 'k', VersionId: first }));
    expect(await failure(text('k', first))).toEqual({ code: 'NoSuchVersion', status: 404 });
    expect(await text('k')).toBe('2');
  });

  it('take the versions from before as null, also when versioning is suspended', async () => {
    const client = server.client();
    const Bucket = 'suspended';
    await client.send(new CreateBucketCommand({ Bucket }));
    await client.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'before' }));
    const versioning = (Status: 'Enabled' | 'Suspended') =>
      client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }));
    await versioning('Enabled');
    const { VersionId } = await client.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'enabled' }));
    const before = await client.send(new GetObjectCommand({ Bucket, Key: 'k', VersionId: 'null' }));
    expect(before.VersionId).toBe('null');
    expect(await before.Body?.transformToString()).toBe('before');
    await versioning('Suspended');
    await client.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'suspended' }));
    const { Versions } = await client.send(new ListObjectVersionsCommand({ Bucket }));
    expect(Versions?.map((version) => [version.VersionId, version.IsLatest])).toEqual([
      ['null', true],
      [VersionId, false],
    ]);
    const marker = await client.send(new DeleteObjectCommand({ Bucket, Key: 'k' }));
    expect(marker).toMatchObject({ DeleteMarker: true, VersionId: 'null' });
    const after = await client.send(new ListObjectVersionsCommand({ Bucket }));
    expect(after.Versions?.map((version) => version.VersionId)).toEqual([VersionId]);
    expect(after.DeleteMarkers?.map((version) => version.VersionId)).toEqual(['null']);
  });

  it('list versions page by page, in the middle of a key too', async () => {
    const { client, put, Bucket } = await versioned('pages');
    for (const key of ['a', 'b', 'c']) for (const body of ['1', '2', '3']) await put(key, body);
    await client.send(new DeleteObjectCommand({ Bucket, Key: 'b' }));
    const seen: string[] = [];
    let marker: { KeyMarker?: string; VersionIdMarker?: string } = {};
    for (let page = 0; page < 20; page += 1) {
      const result = await client.send(new ListObjectVersionsCommand({ Bucket, MaxKeys: 2, ...marker }));
      for (const { Key, VersionId } of [...(result.Versions ?? []), ...(result.DeleteMarkers ?? [])])
        seen.push(`${Key} ${VersionId}`);
      if (result.IsTruncated !== true) break;
      marker = {
        ...(result.NextKeyMarker === undefined ? {} : { KeyMarker: result.NextKeyMarker }),
        ...(result.NextVersionIdMarker === undefined ? {} : { VersionIdMarker: result.NextVersionIdMarker }),
      };
    }
    expect(seen).toHaveLength(10);
    expect(new Set(seen).size).toBe(10);
    expect(seen.map((entry) => entry[0])).toEqual([...'aaabbbbccc']);
  });

  it('can be emptied with DeleteObjects and then deleted', async () => {
    const { client, put, Bucket } = await versioned('emptied');
    for (const key of ['a', 'b <&> c']) await put(key, 'x');
    const marked = await client.send(
      new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'a' }, { Key: 'never was' }] } }),
    );
    expect(marked.Deleted?.map(({ Key, DeleteMarker }) => [Key, DeleteMarker])).toEqual([
      ['a', true],
      ['never was', true],
    ]);
    expect((await failure(client.send(new DeleteBucketCommand({ Bucket })))).code).toBe('BucketNotEmpty');
    const { Versions = [], DeleteMarkers = [] } = await client.send(new ListObjectVersionsCommand({ Bucket }));
    const Objects = [...Versions, ...DeleteMarkers].flatMap(({ Key, VersionId }) =>
      Key === undefined || VersionId === undefined ? [] : [{ Key, VersionId }],
    );
    expect(Objects).toHaveLength(4);
    const quiet = await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }));
    expect(quiet.Deleted ?? []).toEqual([]);
    expect(quiet.Errors ?? []).toEqual([]);
    await client.send(new DeleteBucketCommand({ Bucket }));
  });
});
