import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutObjectCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createChecksum } from '../../../src/services/s3/checksums/algorithms.js';
import { failure, S3Server } from './s3-server.js';

const server = new S3Server();
const Bucket = 'uploads';
const MiB = 1024 * 1024;
const content = randomBytes(12 * MiB);
const parts = [content.subarray(0, 5 * MiB), content.subarray(5 * MiB, 10 * MiB), content.subarray(10 * MiB)];
const md5 = (bytes: Uint8Array) => createHash('md5').update(bytes).digest();

beforeAll(async () => {
  await server.start();
  await server.client().send(new CreateBucketCommand({ Bucket }));
});
afterAll(() => server.dispose());

async function begin(Key: string, options: object = {}) {
  const client = server.client();
  const { UploadId = '' } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key, ...options }));
  const target = { Bucket, Key, UploadId };
  const put = (PartNumber: number, Body: Uint8Array) =>
    client.send(new UploadPartCommand({ ...target, PartNumber, Body }));
  const complete = (
    Parts: { PartNumber: number; ETag: string | undefined; ChecksumSHA256?: string | undefined }[],
    more: object = {},
  ) => client.send(new CompleteMultipartUploadCommand({ ...target, MultipartUpload: { Parts }, ...more }));
  return { client, target, put, complete };
}

async function putAll(upload: Awaited<ReturnType<typeof begin>>) {
  const results = await Promise.all(parts.map((part, index) => upload.put(index + 1, part)));
  return results.map(({ ETag }, index) => ({ PartNumber: index + 1, ETag }));
}

describe('multi-part uploads', () => {
  it('become one object with the ETag of its parts', async () => {
    const upload = await begin('whole', { ContentType: 'a/b', Metadata: { m: 'n' }, Tagging: 'k=v' });
    const named = await putAll(upload);
    const listed = await upload.client.send(new ListPartsCommand(upload.target));
    expect(listed.Parts?.map(({ PartNumber, Size }) => [PartNumber, Size])).toEqual([
      [1, 5 * MiB],
      [2, 5 * MiB],
      [3, 2 * MiB],
    ]);
    const done = await upload.complete(named, { MpuObjectSize: content.length });
    expect(done.ETag).toBe(`"${md5(Buffer.concat(parts.map(md5))).toString('hex')}-3"`);
    const got = await upload.client.send(new GetObjectCommand({ Bucket, Key: 'whole' }));
    expect(Buffer.compare((await got.Body?.transformToByteArray()) ?? Buffer.alloc(0), content)).toBe(0);
    expect(got).toMatchObject({ ContentType: 'a/b', Metadata: { m: 'n' }, TagCount: 1 });
    expect((await failure(upload.complete(named))).code).toBe('NoSuchUpload');
  });

  it('are read in ranges across parts, and part by part', async () => {
    const upload = await begin('ranges');
    await upload.complete(await putAll(upload));
    const get = (input: object) => upload.client.send(new GetObjectCommand({ Bucket, Key: 'ranges', ...input }));
    const start = 5 * MiB - 10;
    const across = await get({ Range: `bytes=${start}-${10 * MiB + 9}` });
    const bytes = (await across.Body?.transformToByteArray()) ?? Buffer.alloc(0);
    expect(Buffer.compare(bytes, content.subarray(start, 10 * MiB + 10))).toBe(0);
    const third = await get({ PartNumber: 3 });
    expect(third).toMatchObject({ PartsCount: 3, ContentLength: 2 * MiB });
    expect(
      Buffer.compare((await third.Body?.transformToByteArray()) ?? Buffer.alloc(0), content.subarray(10 * MiB)),
    ).toBe(0);
    expect(await failure(get({ PartNumber: 4 }))).toMatchObject({ status: 416 });
  });

  it.each([
    ['CRC32', 'FULL_OBJECT'],
    ['CRC32C', 'FULL_OBJECT'],
    ['CRC64NVME', 'FULL_OBJECT'],
    ['SHA256', 'COMPOSITE'],
    ['CRC32', 'COMPOSITE'],
  ] as const)('have a checksum: %s, %s', async (ChecksumAlgorithm, ChecksumType) => {
    const of = (bytes: Uint8Array) => {
      const checksum = createChecksum(ChecksumAlgorithm);
      checksum.update(bytes);
      return checksum.digest();
    };
    const expected =
      ChecksumType === 'FULL_OBJECT'
        ? of(content).toString('base64')
        : `${of(Buffer.concat(parts.map(of))).toString('base64')}-3`;
    const Key = `${ChecksumAlgorithm}-${ChecksumType}`;
    const upload = await begin(Key, { ChecksumAlgorithm, ChecksumType });
    const member = `Checksum${ChecksumAlgorithm}`;
    const sent: { PartNumber: number; ETag: string | undefined }[] = [];
    for (const [index, part] of parts.entries()) {
      const { ETag } = await upload.client.send(
        new UploadPartCommand({
          ...upload.target,
          PartNumber: index + 1,
          Body: part,
          [member]: of(part).toString('base64'),
        }),
      );
      sent.push({ PartNumber: index + 1, ETag, [member]: of(part).toString('base64') });
    }
    const wrong = sent.map((part) => ({ ...part, [member]: of(Buffer.from('x')).toString('base64') }));
    expect((await failure(upload.complete(wrong))).code).toBe('InvalidPart');
    const done = await upload.complete(sent);
    expect(Reflect.get(done, member)).toBe(expected);
    const attributes = await upload.client.send(
      new GetObjectAttributesCommand({ Bucket, Key, ObjectAttributes: ['ObjectParts', 'Checksum'], MaxParts: 2 }),
    );
    expect(attributes.Checksum).toEqual({ [member]: expected, ChecksumType });
    expect(attributes.ObjectParts).toMatchObject({ TotalPartsCount: 3, IsTruncated: true, NextPartNumberMarker: '2' });
  });

  it('refuse parts that are small, unknown, changed or out of order', async () => {
    const upload = await begin('refused');
    const first = await upload.put(1, Buffer.from('small'));
    const second = await upload.put(2, Buffer.from('small too'));
    const named = [
      { PartNumber: 1, ETag: first.ETag },
      { PartNumber: 2, ETag: second.ETag },
    ];
    expect((await failure(upload.complete(named))).code).toBe('EntityTooSmall');
    expect((await failure(upload.complete([...named].reverse()))).code).toBe('InvalidPartOrder');
    expect((await failure(upload.complete([{ PartNumber: 3, ETag: first.ETag }]))).code).toBe('InvalidPart');
    expect((await failure(upload.complete([{ PartNumber: 1, ETag: second.ETag }]))).code).toBe('InvalidPart');
    expect((await failure(upload.complete([]))).code).toBe('MalformedXML');
    expect((await failure(upload.put(0, Buffer.from('x')))).code).toBe('InvalidArgument');
    const again = await upload.put(1, Buffer.from('again'));
    await upload.complete([{ PartNumber: 1, ETag: again.ETag }]);
  });

  it('begun with an algorithm refuse parts with another checksum, and an end that does not name the checksums of parts', async () => {
    const upload = await begin('strict', { ChecksumAlgorithm: 'SHA256' });
    // By default, the SDK sends a CRC-32 with every part.
    await expect(upload.put(1, Buffer.from('x'))).rejects.toThrow(
      'Checksum Type mismatch occurred, expected checksum Type: sha256, actual checksum Type: crc32',
    );
    const part = { ...upload.target, PartNumber: 1, Body: Buffer.from('x'), ChecksumAlgorithm: 'SHA256' as const };
    const { ETag, ChecksumSHA256 } = await upload.client.send(new UploadPartCommand(part));
    const bare = { PartNumber: 1, ETag };
    await expect(upload.complete([bare])).rejects.toThrow(
      'must include the checksum for each part. It was missing for part 1',
    );
    await upload.complete([{ ...bare, ChecksumSHA256 }]);
  });

  it('complete under conditions', async () => {
    const client = server.client();
    await client.send(new PutObjectCommand({ Bucket, Key: 'taken', Body: 'x' }));
    const upload = await begin('taken');
    const { ETag } = await upload.put(1, Buffer.from('y'));
    const named = [{ PartNumber: 1, ETag }];
    expect((await failure(upload.complete(named, { IfNoneMatch: '*' }))).code).toBe('PreconditionFailed');
    await upload.complete(named);
  });

  it('take parts from other objects', async () => {
    const client = server.client();
    await client.send(new PutObjectCommand({ Bucket, Key: 'from', Body: content }));
    const upload = await begin('assembled');
    const copy = (PartNumber: number, CopySourceRange: string) =>
      client.send(
        new UploadPartCopyCommand({ ...upload.target, PartNumber, CopySource: `${Bucket}/from`, CopySourceRange }),
      );
    const one = await copy(1, `bytes=0-${6 * MiB - 1}`);
    const two = await copy(2, `bytes=${6 * MiB}-${content.length - 1}`);
    expect((await failure(copy(3, `bytes=0-${content.length}`))).code).toBe('InvalidArgument');
    await upload.complete([
      { PartNumber: 1, ETag: one.CopyPartResult?.ETag },
      { PartNumber: 2, ETag: two.CopyPartResult?.ETag },
    ]);
    const got = await client.send(new GetObjectCommand({ Bucket, Key: 'assembled' }));
    expect(Buffer.compare((await got.Body?.transformToByteArray()) ?? Buffer.alloc(0), content)).toBe(0);
  });

  it('are listed until they are aborted', async () => {
    const client = server.client();
    await client.send(new CreateBucketCommand({ Bucket: 'under-way' }));
    const create = (Key: string) => client.send(new CreateMultipartUploadCommand({ Bucket: 'under-way', Key }));
    const ids = [await create('a/1'), await create('a/2'), await create('b')].map(({ UploadId = '' }) => UploadId);
    const list = (input: object) => client.send(new ListMultipartUploadsCommand({ Bucket: 'under-way', ...input }));
    const first = await list({ MaxUploads: 2 });
    expect(first.Uploads?.map(({ UploadId }) => UploadId)).toEqual(ids.slice(0, 2));
    const rest = await list({ KeyMarker: first.NextKeyMarker, UploadIdMarker: first.NextUploadIdMarker });
    expect(rest.Uploads?.map(({ UploadId }) => UploadId)).toEqual(ids.slice(2));
    const rolled = await list({ Delimiter: '/' });
    expect(rolled.CommonPrefixes).toEqual([{ Prefix: 'a/' }]);
    for (const [index, Key] of ['a/1', 'a/2', 'b'].entries())
      await client.send(new AbortMultipartUploadCommand({ Bucket: 'under-way', Key, UploadId: ids[index] }));
    expect((await list({})).Uploads ?? []).toEqual([]);
  });

  it("work through the SDK's own uploader, from a stream of unknown length", async () => {
    const client = server.client();
    const Body = Readable.from(parts);
    await new Upload({ client, params: { Bucket, Key: 'lib-storage', Body }, partSize: 5 * MiB }).done();
    const head = await client.send(new HeadObjectCommand({ Bucket, Key: 'lib-storage' }));
    expect(head.ContentLength).toBe(content.length);
    expect(head.ETag).toMatch(/-3"$/);
  });
});
