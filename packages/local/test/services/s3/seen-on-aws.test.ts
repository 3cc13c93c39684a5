import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  ListPartsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type StorageClass,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { S3Server } from './s3-server.js';

/* Behaviour of S3 that was recorded on AWS, where the documentation says nothing or something else. */

const server = new S3Server();
const Bucket = 'seen-on-aws';
const versioned = 'seen-versioned';
beforeAll(async () => {
  await server.start();
  await server.client().send(new CreateBucketCommand({ Bucket }));
  await server.client().send(new CreateBucketCommand({ Bucket: versioned }));
  await setVersioning('Enabled');
});
afterAll(() => server.dispose());

const setVersioning = (Status: 'Enabled' | 'Suspended') =>
  server.client().send(new PutBucketVersioningCommand({ Bucket: versioned, VersioningConfiguration: { Status } }));
const put = (Key: string, more: object = {}) =>
  server.client().send(new PutObjectCommand({ Bucket, Key, Body: 'x', ...more }));

const changed = (id: string, at: number) => id.slice(0, at) + (id[at] === 'A' ? 'B' : 'A') + id.slice(at + 1);

describe('a version that never was', () => {
  it.each([Bucket, versioned])('is refused by %s, and is no version to DeleteObjects', async (bucket) => {
    const client = server.client();
    const target = { Bucket: bucket, Key: 'never', VersionId: 'HPniJFCxqTsMuIH9KX8K8wEjNUgmABCD' };
    await client.send(new PutObjectCommand({ Bucket: bucket, Key: 'never', Body: 'x' }));
    const invalid = { name: 'InvalidArgument', message: 'Invalid version id specified' };
    await expect(client.send(new DeleteObjectCommand(target))).rejects.toMatchObject(invalid);
    await expect(client.send(new GetObjectCommand(target))).rejects.toMatchObject(invalid);
    await expect(client.send(new GetObjectTaggingCommand(target))).rejects.toMatchObject(invalid);
    await expect(client.send(new HeadObjectCommand(target))).rejects.toMatchObject({
      $metadata: { httpStatusCode: 400 },
    });
    const CopySource = `${bucket}/never?versionId=${target.VersionId}`;
    await expect(client.send(new CopyObjectCommand({ Bucket: bucket, Key: 'copy', CopySource }))).rejects.toMatchObject(
      invalid,
    );
    const { Bucket: _, ...named } = target;
    const several = await client.send(new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects: [named] } }));
    expect(several).toMatchObject({ Errors: [{ Code: 'NoSuchVersion', VersionId: target.VersionId }] });
    expect(several.Deleted).toBeUndefined();
  });

  it('is told from one that is gone, and from one of another object', async () => {
    const client = server.client();
    const { VersionId = '' } = await client.send(new PutObjectCommand({ Bucket: versioned, Key: 'gone', Body: 'x' }));
    const remove = (id: string, Key = 'gone') =>
      client.send(new DeleteObjectCommand({ Bucket: versioned, Key, VersionId: id }));
    expect(await remove(VersionId)).toMatchObject({ VersionId });
    expect(await remove(VersionId)).toMatchObject({ VersionId });
    await expect(
      client.send(new GetObjectCommand({ Bucket: versioned, Key: 'gone', VersionId })),
    ).rejects.toMatchObject({ name: 'NoSuchVersion' });
    for (const at of [0, 12, 24, 31])
      await expect(remove(changed(VersionId, at))).rejects.toMatchObject({ name: 'InvalidArgument' });
    await expect(remove(VersionId, 'other')).rejects.toMatchObject({ name: 'InvalidArgument' });
    expect(await remove('null')).toMatchObject({ VersionId: 'null' });
  });
});

describe('suspended versioning', () => {
  it('shows the null version where it is read or deleted, not where it is written', async () => {
    await setVersioning('Suspended');
    const client = server.client();
    const target = { Bucket: versioned, Key: 'suspended' };
    expect((await client.send(new PutObjectCommand({ ...target, Body: 'x' }))).VersionId).toBeUndefined();
    expect((await client.send(new GetObjectCommand(target))).VersionId).toBe('null');
    expect((await client.send(new HeadObjectCommand(target))).VersionId).toBe('null');
    const CopySource = `${versioned}/suspended`;
    const copied = await client.send(new CopyObjectCommand({ ...target, Key: 'copied', CopySource }));
    expect([copied.VersionId, copied.CopySourceVersionId]).toEqual([undefined, 'null']);
    const { UploadId } = await client.send(new CreateMultipartUploadCommand(target));
    const { ETag } = await client.send(new UploadPartCommand({ ...target, UploadId, PartNumber: 1, Body: 'x' }));
    const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] };
    const completed = await client.send(new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload }));
    expect(completed.VersionId).toBeUndefined();
    expect(await client.send(new DeleteObjectCommand(target))).toMatchObject({ DeleteMarker: true, VersionId: 'null' });
    await setVersioning('Enabled');
  });
});

describe('a condition on the completion of an upload', () => {
  async function upload(Key: string, during: (etag: string) => Promise<unknown>, condition: (etag: string) => object) {
    const client = server.client();
    const target = { Bucket, Key };
    const { UploadId } = await client.send(new CreateMultipartUploadCommand(target));
    const { ETag } = await client.send(new UploadPartCommand({ ...target, UploadId, PartNumber: 1, Body: 'part' }));
    await during('');
    const current = await client.send(new HeadObjectCommand(target)).catch(() => ({ ETag: '"none"' }));
    const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] };
    return client.send(
      new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload, ...condition(current.ETag ?? '') }),
    );
  }
  const remove = (Key: string) => server.client().send(new DeleteObjectCommand({ Bucket, Key }));
  const ifMatch = (IfMatch: string) => ({ IfMatch });
  const ifNone = () => ({ IfNoneMatch: '*' });
  const conflict = { name: 'ConditionalRequestConflict', $metadata: { httpStatusCode: 409 } };

  it('holds when nothing happened to the object meanwhile', async () => {
    await put('quiet');
    await upload('quiet', async () => undefined, ifMatch);
    await upload('new', async () => undefined, ifNone);
  });

  it.each([
    ['was written', async (key: string) => void (await put(key, { Body: 'other' }))],
    ['was written again with the same content', async (key: string) => void (await put(key))],
    ['was deleted and written again', async (key: string) => void (await remove(key).then(() => put(key)))],
  ])('conflicts when the object %s meanwhile, though the ETag is the new one', async (name, happen) => {
    const key = `conflict/${name}`;
    await put(key);
    await expect(upload(key, () => happen(key), ifMatch)).rejects.toMatchObject(conflict);
    await upload(key, async () => undefined, ifMatch);
  });

  it('conflicts when the object was deleted meanwhile and is to be new', async () => {
    await put('deleted');
    await expect(upload('deleted', () => remove('deleted'), ifNone)).rejects.toMatchObject(conflict);
    await expect(upload('deleted', async () => undefined, ifMatch)).rejects.toMatchObject({ name: 'NoSuchKey' });
    await upload('deleted', async () => undefined, ifNone);
  });

  it('fails before anything conflicts', async () => {
    await put('fails');
    const failed = { name: 'PreconditionFailed' };
    await expect(
      upload(
        'fails',
        () => put('fails'),
        () => ifMatch('"a"'),
      ),
    ).rejects.toMatchObject(failed);
    await expect(upload('fails', () => put('fails'), ifNone)).rejects.toMatchObject(failed);
  });

  it('is of no interest to an upload without one', async () => {
    await upload(
      'free',
      () => put('free'),
      () => ({}),
    );
  });
});

describe('conditions on writes', () => {
  const refused = (message: string) => ({ name: 'NotImplemented', additionalMessage: message });
  it.each<[object, object]>([
    [{ IfMatch: '*' }, refused("We don't accept the provided value of If-Match header for this API")],
    [{ IfNoneMatch: '"a"' }, refused("We don't accept the provided value of If-None-Match header for this API")],
    [{ IfMatch: '"a"', IfNoneMatch: '*' }, refused('Multiple conditional request headers present in the request')],
  ])('that S3 does not have are refused, by CopyObject too: %j', async (condition, error) => {
    await put('source');
    await expect(put('key', condition)).rejects.toMatchObject(error);
    const copy = new CopyObjectCommand({ Bucket, Key: 'key', CopySource: `${Bucket}/source`, ...condition });
    await expect(server.client().send(copy)).rejects.toMatchObject(error);
  });
});

describe('storage classes', () => {
  it.each(['GLACIER', 'DEEP_ARCHIVE'] as const)('%s has no content to read or to copy', async (StorageClass) => {
    const client = server.client();
    const target = { Bucket, Key: StorageClass };
    await put(StorageClass, { StorageClass });
    await expect(client.send(new GetObjectCommand(target))).rejects.toMatchObject({
      name: 'InvalidObjectState',
      StorageClass,
      $metadata: { httpStatusCode: 403 },
    });
    expect(await client.send(new HeadObjectCommand(target))).toMatchObject({ StorageClass, ContentLength: 1 });
    const CopySource = `${Bucket}/${StorageClass}`;
    const archived = { name: 'InvalidObjectState' };
    await expect(client.send(new CopyObjectCommand({ Bucket, Key: 'copy', CopySource }))).rejects.toMatchObject(
      archived,
    );
    const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key: 'copy' }));
    await expect(
      client.send(new UploadPartCopyCommand({ Bucket, Key: 'copy', UploadId, PartNumber: 1, CopySource })),
    ).rejects.toMatchObject(archived);
  });

  it.each(['GLACIER_IR', 'STANDARD_IA', 'ONEZONE_IA', 'INTELLIGENT_TIERING'])('%s is read', async (StorageClass) => {
    await put(StorageClass, { StorageClass });
    const read = await server.client().send(new GetObjectCommand({ Bucket, Key: StorageClass }));
    expect(await read.Body?.transformToString()).toBe('x');
  });

  it.each(['OUTPOSTS', 'NOPE'])('%s is refused wherever it can be given', async (name) => {
    const StorageClass = name as StorageClass;
    const refused = { name: 'InvalidStorageClass' };
    await put('plain');
    const client = server.client();
    await expect(put('k', { StorageClass })).rejects.toMatchObject(refused);
    await expect(
      client.send(new CreateMultipartUploadCommand({ Bucket, Key: 'k', StorageClass })),
    ).rejects.toMatchObject(refused);
    await expect(
      client.send(new CopyObjectCommand({ Bucket, Key: 'k', CopySource: `${Bucket}/plain`, StorageClass })),
    ).rejects.toMatchObject(refused);
  });
});

describe('answers', () => {
  it('name the owner of versions by id alone, and no resource in errors', async () => {
    await put('owned');
    const { Versions } = await server.client().send(new ListObjectVersionsCommand({ Bucket, Prefix: 'owned' }));
    expect(Versions?.[0]?.Owner).toEqual({ ID: expect.stringMatching(/^\d{64}$/) });
    const missing = await server
      .client()
      .send(new GetObjectCommand({ Bucket, Key: 'none' }))
      .catch((error: object) => error);
    expect(missing).toMatchObject({ name: 'NoSuchKey', Key: 'none' });
    expect(missing).not.toHaveProperty('Resource');
  });

  it('show the checksums of parts when the upload was created with an algorithm, and only then', async () => {
    const client = server.client();
    await put('part');
    const parts = async (more: object) => {
      const target = { Bucket, Key: 'parts' };
      const { UploadId } = await client.send(new CreateMultipartUploadCommand({ ...target, ...more }));
      const CopySource = `${Bucket}/part`;
      const copied = await client.send(new UploadPartCopyCommand({ ...target, UploadId, PartNumber: 1, CopySource }));
      const listed = await client.send(new ListPartsCommand({ ...target, UploadId }));
      return { copied, listed };
    };
    const plain = await parts({});
    expect(plain.copied).toMatchObject({ ServerSideEncryption: 'AES256' });
    expect(plain.copied.CopyPartResult).not.toHaveProperty('ChecksumCRC64NVME');
    expect(plain.listed).not.toHaveProperty('ChecksumAlgorithm');
    expect(plain.listed.Parts?.[0]).not.toHaveProperty('ChecksumCRC64NVME');
    const summed = await parts({ ChecksumAlgorithm: 'CRC32C' });
    expect(summed.copied.CopyPartResult?.ChecksumCRC32C).toBeDefined();
    expect(summed.listed).toMatchObject({
      ChecksumAlgorithm: 'CRC32C',
      Parts: [{ ChecksumCRC32C: expect.any(String) }],
    });
  });
});
