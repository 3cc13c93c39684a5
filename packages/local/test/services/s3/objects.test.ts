import { createHash } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { Readable } from 'node:stream';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  PutObjectTaggingCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failure, S3Server } from './s3-server.js';

const server = new S3Server();
const Bucket = 'objects';
beforeAll(async () => {
  await server.start();
  await server.client().send(new CreateBucketCommand({ Bucket }));
});
afterAll(() => server.dispose());

const md5 = (text: string) => createHash('md5').update(text).digest('hex');

describe('objects', () => {
  it('come back with their content, headers, metadata and tags', async () => {
    const client = server.client();
    const put = await client.send(
      new PutObjectCommand({
        Bucket,
        Key: 'full',
        Body: 'hello',
        CacheControl: 'no-cache',
        ContentDisposition: 'attachment',
        ContentEncoding: 'identity',
        ContentLanguage: 'de',
        ContentType: 'text/x-greeting',
        Expires: new Date('2030-01-01T00:00:00Z'),
        Metadata: { sample: 'S-1', 'with-dash': 'a b' },
        StorageClass: 'STANDARD_IA',
        Tagging: 'bclaw.system=true&name=a%20b',
      }),
    );
    expect(put.ETag).toBe(`"${md5('hello')}"`);
    expect(put.VersionId).toBeUndefined();
    const got = await client.send(new GetObjectCommand({ Bucket, Key: 'full' }));
    expect(await got.Body?.transformToString()).toBe('hello');
    expect(got).toMatchObject({
      CacheControl: 'no-cache',
      ContentDisposition: 'attachment',
      ContentEncoding: 'identity',
      ContentLanguage: 'de',
      ContentLength: 5,
      ContentType: 'text/x-greeting',
      ETag: `"${md5('hello')}"`,
      Metadata: { sample: 'S-1', 'with-dash': 'a b' },
      StorageClass: 'STANDARD_IA',
      TagCount: 2,
      AcceptRanges: 'bytes',
      ServerSideEncryption: 'AES256',
    });
    expect(got.LastModified?.getMilliseconds()).toBe(0);
    const { TagSet } = await client.send(new GetObjectTaggingCommand({ Bucket, Key: 'full' }));
    expect(TagSet).toEqual([
      { Key: 'bclaw.system', Value: 'true' },
      { Key: 'name', Value: 'a b' },
    ]);
  });

  it('keep metadata beyond ASCII, as S3 does by an encoded word', async () => {
    await server.service.operations
      .get('PutObject')
      ?.run({ Bucket, Key: 'meta', Body: '', Metadata: { city: 'Köln 東京' } }, { requestId: 'r' });
    const { Metadata } = await server.client().send(new HeadObjectCommand({ Bucket, Key: 'meta' }));
    const [, encoded] = /^=\?UTF-8\?B\?(.*)\?=$/.exec(Metadata?.['city'] ?? '') ?? [];
    expect(Buffer.from(encoded ?? '', 'base64').toString()).toBe('Köln 東京');
  });

  it.each([
    ['bytes=0-3', '0123', 'bytes 0-3/10'],
    ['bytes=7-', '789', 'bytes 7-9/10'],
    ['bytes=-2', '89', 'bytes 8-9/10'],
    ['bytes=5-100', '56789', 'bytes 5-9/10'],
    ['bytes=-100', '0123456789', 'bytes 0-9/10'],
  ])('are read in ranges: %s', async (Range, text, ContentRange) => {
    const client = server.client();
    await client.send(new PutObjectCommand({ Bucket, Key: 'digits', Body: '0123456789' }));
    const got = await client.send(new GetObjectCommand({ Bucket, Key: 'digits', Range }));
    expect(await got.Body?.transformToString()).toBe(text);
    expect(got.ContentRange).toBe(ContentRange);
    expect(got.$metadata.httpStatusCode).toBe(206);
  });

  it('ignore ranges that make no sense and refuse those outside', async () => {
    const client = server.client();
    await client.send(new PutObjectCommand({ Bucket, Key: 'digits', Body: '0123456789' }));
    for (const Range of ['bytes=3-1', 'lines=1-2', 'bytes=0-1,3-4']) {
      const got = await client.send(new GetObjectCommand({ Bucket, Key: 'digits', Range }));
      expect(await got.Body?.transformToString(), Range).toBe('0123456789');
      expect(got.$metadata.httpStatusCode).toBe(200);
    }
    for (const Range of ['bytes=10-', 'bytes=-0'])
      expect(await failure(client.send(new GetObjectCommand({ Bucket, Key: 'digits', Range })))).toEqual({
        code: 'InvalidRange',
        status: 416,
      });
  });

  it('are read under conditions', async () => {
    const client = server.client();
    const { ETag } = await client.send(new PutObjectCommand({ Bucket, Key: 'cond', Body: 'x' }));
    const get = (input: object) => client.send(new GetObjectCommand({ Bucket, Key: 'cond', ...input }));
    const past = new Date(Date.now() - 3_600_000);
    const future = new Date(Date.now() + 3_600_000);
    expect((await get({ IfMatch: ETag, IfUnmodifiedSince: past })).ETag).toBe(ETag);
    expect((await get({ IfNoneMatch: '"other"', IfModifiedSince: future })).ETag).toBe(ETag);
    expect((await failure(get({ IfMatch: '"other"' }))).status).toBe(412);
    expect((await failure(get({ IfUnmodifiedSince: past }))).status).toBe(412);
    expect((await failure(get({ IfNoneMatch: ETag }))).status).toBe(304);
    const now = new Date();
    expect((await failure(get({ IfModifiedSince: now }))).status).toBe(304);
    expect((await get({ IfModifiedSince: future })).ETag).toBe(ETag);
  });

  it('are written under conditions', async () => {
    const client = server.client();
    const put = (input: object) => client.send(new PutObjectCommand({ Bucket, Key: 'once', Body: 'x', ...input }));
    expect(await failure(put({ IfMatch: '"nothing"' }))).toEqual({ code: 'NoSuchKey', status: 404 });
    const { ETag } = await put({ IfNoneMatch: '*' });
    expect(await failure(put({ IfNoneMatch: '*' }))).toEqual({ code: 'PreconditionFailed', status: 412 });
    expect(await failure(put({ IfMatch: '"other"' }))).toEqual({ code: 'PreconditionFailed', status: 412 });
    await put({ IfMatch: ETag, Body: 'y' });
    const stale = client.send(new DeleteObjectCommand({ Bucket, Key: 'once', IfMatch: ETag }));
    expect((await failure(stale)).code).toBe('PreconditionFailed');
  });

  it('are created by exactly one of many who ask for If-None-Match: *', async () => {
    const client = server.client();
    const attempts = Array.from({ length: 20 }, (_, n) =>
      client.send(new PutObjectCommand({ Bucket, Key: 'race', Body: `${n}`, IfNoneMatch: '*' })),
    );
    const results = await Promise.allSettled(attempts);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it.each(['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const)(
    'verify, keep and return %s',
    async (algorithm) => {
      const client = server.client();
      // The check values of the CRC catalogue: the CRC of "123456789".
      const check = (hex: string) => Buffer.from(hex, 'hex').toString('base64');
      const vectors = {
        CRC32: check('cbf43926'),
        CRC32C: check('e3069283'),
        CRC64NVME: check('ae8b14860a799888'),
        SHA1: createHash('sha1').update('123456789').digest('base64'),
        SHA256: createHash('sha256').update('123456789').digest('base64'),
      };
      const member = `Checksum${algorithm}`;
      const put = (value: string) =>
        client.send(new PutObjectCommand({ Bucket, Key: algorithm, Body: '123456789', [member]: value }));
      const wrong = Buffer.from(vectors[algorithm], 'base64').reverse().toString('base64');
      expect(await failure(put(wrong))).toEqual({ code: 'BadDigest', status: 400 });
      expect((await failure(client.send(new HeadObjectCommand({ Bucket, Key: algorithm })))).status).toBe(404);
      expect(Reflect.get(await put(vectors[algorithm]), member)).toBe(vectors[algorithm]);
      const head = await client.send(new HeadObjectCommand({ Bucket, Key: algorithm, ChecksumMode: 'ENABLED' }));
      expect(Reflect.get(head, member)).toBe(vectors[algorithm]);
      expect(head.ChecksumType).toBe('FULL_OBJECT');
      const attributes = await client.send(
        new GetObjectAttributesCommand({
          Bucket,
          Key: algorithm,
          ObjectAttributes: ['Checksum', 'ObjectSize', 'ETag', 'StorageClass'],
        }),
      );
      expect(attributes).toMatchObject({
        Checksum: { [member]: vectors[algorithm] },
        ObjectSize: 9,
        ETag: md5('123456789'),
        StorageClass: 'STANDARD',
      });
    },
  );

  it('are streamed with a checksum in the trailer', async () => {
    const client = server.client();
    const Body = Readable.from([Buffer.alloc(100_000, 'a'), Buffer.alloc(1), Buffer.alloc(70_000, 'b')]);
    const put = await client.send(
      new PutObjectCommand({ Bucket, Key: 'stream', Body, ContentLength: 170_001, ChecksumAlgorithm: 'SHA256' }),
    );
    expect(put.ChecksumSHA256).toBeDefined();
    const got = await client.send(new GetObjectCommand({ Bucket, Key: 'stream', ChecksumMode: 'ENABLED' }));
    const bytes = await got.Body?.transformToByteArray();
    expect(
      createHash('sha256')
        .update(bytes ?? '')
        .digest('base64'),
    ).toBe(put.ChecksumSHA256);
  });

  it('refuse a wrong Content-MD5', async () => {
    const client = server.client();
    const wrong = createHash('md5').update('other').digest('base64');
    const put = (ContentMD5: string) =>
      client.send(new PutObjectCommand({ Bucket, Key: 'md5', Body: 'x', ContentMD5 }));
    expect((await failure(put(wrong))).code).toBe('BadDigest');
    expect((await failure(put('nonsense'))).code).toBe('InvalidDigest');
    await put(createHash('md5').update('x').digest('base64'));
  });

  it('have keys of any kind', async () => {
    const client = server.client();
    const keys = [
      '../../etc/passwd',
      '/leading',
      '//double//slash',
      'a b+c%20d&e=f?g#h',
      'ünïcödé/東京/😀',
      '.',
      'quote"<&>\'',
      'control\u0001\u001f\r\n\t',
      ' space at both ends ',
      'x'.repeat(1024),
    ];
    for (const Key of keys)
      await client.send(new PutObjectCommand({ Bucket, Key: `k/${Key}`.slice(0, 1024), Body: Key }));
    for (const Key of keys) {
      const got = await client.send(new GetObjectCommand({ Bucket, Key: `k/${Key}`.slice(0, 1024) }));
      expect(await got.Body?.transformToString()).toBe(Key);
    }
    const url = await client.send(new ListObjectsV2Command({ Bucket, Prefix: 'k/', EncodingType: 'url' }));
    const listed = url.Contents?.map(({ Key }) => decodeURIComponent(Key ?? ''));
    expect(new Set(listed)).toEqual(new Set(keys.map((key) => `k/${key}`.slice(0, 1024))));
    const long = client.send(new PutObjectCommand({ Bucket, Key: 'ü'.repeat(513), Body: '' }));
    expect((await failure(long)).code).toBe('KeyTooLongError');
  });

  it('change their tags in place', async () => {
    const client = server.client();
    await client.send(new PutObjectCommand({ Bucket, Key: 'tags', Body: 'x' }));
    const TagSet = [{ Key: 'k', Value: 'v & w' }];
    await client.send(new PutObjectTaggingCommand({ Bucket, Key: 'tags', Tagging: { TagSet } }));
    expect((await client.send(new GetObjectTaggingCommand({ Bucket, Key: 'tags' }))).TagSet).toEqual(TagSet);
    const eleven = Array.from({ length: 11 }, (_, n) => ({ Key: `k${n}`, Value: '' }));
    const tooMany = client.send(new PutObjectTaggingCommand({ Bucket, Key: 'tags', Tagging: { TagSet: eleven } }));
    expect((await failure(tooMany)).code).toBe('BadRequest');
  });

  it('that do not exist say so', async () => {
    const client = server.client();
    expect(await failure(client.send(new GetObjectCommand({ Bucket, Key: 'no' })))).toEqual({
      code: 'NoSuchKey',
      status: 404,
    });
    expect(await failure(client.send(new GetObjectCommand({ Bucket: 'no-bucket', Key: 'no' })))).toEqual({
      code: 'NoSuchBucket',
      status: 404,
    });
    expect((await client.send(new DeleteObjectCommand({ Bucket, Key: 'no' }))).$metadata.httpStatusCode).toBe(204);
  });

  it('are found by virtual-host style names', async () => {
    await server.client().send(new PutObjectCommand({ Bucket, Key: 'hosted/key', Body: 'here' }));
    for (const host of [`${Bucket}.localhost`, `${Bucket}.s3.localhost`, `${Bucket}.s3.us-east-1.amazonaws.com`]) {
      const text = await new Promise<string>((resolve, reject) => {
        const options = { host: '127.0.0.1', port: server.port, path: '/hosted/key', headers: { host } };
        httpRequest(options, (response) => {
          let body = '';
          response.on('data', (chunk) => {
            body += String(chunk);
          });
          response.on('end', () => resolve(body));
        })
          .on('error', reject)
          .end();
      });
      expect(text, host).toBe('here');
    }
  });

  it('override headers of the answer on demand', async () => {
    const client = server.client();
    await client.send(new PutObjectCommand({ Bucket, Key: 'override', Body: 'x' }));
    const got = await client.send(
      new GetObjectCommand({
        Bucket,
        Key: 'override',
        ResponseContentType: 'text/csv',
        ResponseContentDisposition: 'attachment; filename="a.csv"',
      }),
    );
    expect(got.ContentType).toBe('text/csv');
    expect(got.ContentDisposition).toBe('attachment; filename="a.csv"');
  });

  it('leave nothing behind when the client hangs up', async () => {
    await new Promise<void>((resolve) => {
      const options = {
        host: '127.0.0.1',
        port: server.port,
        method: 'PUT',
        path: `/${Bucket}/broken`,
        headers: { 'content-length': 1_000_000 },
      };
      const sending = httpRequest(options);
      sending.on('error', () => resolve());
      sending.write(Buffer.alloc(1000));
      setImmediate(() => sending.destroy());
      sending.on('close', () => resolve());
    });
    expect((await failure(server.client().send(new HeadObjectCommand({ Bucket, Key: 'broken' })))).status).toBe(404);
  });

  it.each([
    ['x-amz-server-side-encryption-customer-algorithm', 'AES256', 'NotImplemented'],
    ['x-amz-object-lock-mode', 'GOVERNANCE', 'NotImplemented'],
    ['x-amz-acl', 'public-read', 'AccessControlListNotSupported'],
  ])('refuse %s: %s instead of passing over it', async (name, value, code) => {
    const response = await fetch(`${server.url}/${Bucket}/k`, { method: 'PUT', body: 'x', headers: { [name]: value } });
    expect(await response.text()).toContain(`<Code>${code}</Code>`);
  });

  it('answer what S3 has and the engine has not with NotImplemented', async () => {
    for (const path of [`/${Bucket}?acl`, `/${Bucket}/k?torrent`, `/${Bucket}?something-new`]) {
      const response = await fetch(`${server.url}${path}`);
      expect(response.status).toBe(501);
      expect(await response.text()).toMatch(/<Code>NotImplemented<\/Code><Message>The embedded engine does not have/);
    }
  });
});
