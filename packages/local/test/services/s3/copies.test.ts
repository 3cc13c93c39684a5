import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failure, S3Server } from './s3-server.js';

const server = new S3Server();
const Bucket = 'copies';
beforeAll(async () => {
  await server.start();
  await server.client().send(new CreateBucketCommand({ Bucket }));
});
afterAll(() => server.dispose());

describe('copies', () => {
  it('carry content, headers, metadata and tags, and outlive their source', async () => {
    const client = server.client();
    const Key = 'source ü+&/x';
    await client.send(
      new PutObjectCommand({
        Bucket,
        Key,
        Body: 'content',
        ContentType: 'text/plain',
        Metadata: { a: 'b' },
        Tagging: 'k=v',
      }),
    );
    const copy = await client.send(
      new CopyObjectCommand({ Bucket, Key: 'copy', CopySource: `${Bucket}/${encodeURIComponent(Key)}` }),
    );
    expect(copy.CopyObjectResult?.ETag).toMatch(/^"[0-9a-f]{32}"$/);
    await client.send(new DeleteObjectCommand({ Bucket, Key }));
    const got = await client.send(new GetObjectCommand({ Bucket, Key: 'copy' }));
    expect(await got.Body?.transformToString()).toBe('content');
    expect(got).toMatchObject({ ContentType: 'text/plain', Metadata: { a: 'b' }, TagCount: 1 });
  });

  it('replace metadata and tags when told so', async () => {
    const client = server.client();
    await client.send(
      new PutObjectCommand({ Bucket, Key: 'old', Body: 'x', ContentType: 'a/b', Metadata: { a: 'b' }, Tagging: 'k=v' }),
    );
    await client.send(
      new CopyObjectCommand({
        Bucket,
        Key: 'new',
        CopySource: `${Bucket}/old`,
        MetadataDirective: 'REPLACE',
        TaggingDirective: 'REPLACE',
        Metadata: { c: 'd' },
        ContentType: 'c/d',
        Tagging: 'l=w',
      }),
    );
    const got = await client.send(new GetObjectCommand({ Bucket, Key: 'new' }));
    expect(got).toMatchObject({ ContentType: 'c/d', Metadata: { c: 'd' } });
    const { TagSet } = await client.send(new GetObjectTaggingCommand({ Bucket, Key: 'new' }));
    expect(TagSet).toEqual([{ Key: 'l', Value: 'w' }]);
  });

  it('come from a version, and onto themselves only with a change', async () => {
    const client = server.client();
    const versioned = 'copies-versioned';
    await client.send(new CreateBucketCommand({ Bucket: versioned }));
    await client.send(
      new PutBucketVersioningCommand({ Bucket: versioned, VersioningConfiguration: { Status: 'Enabled' } }),
    );
    const first = await client.send(new PutObjectCommand({ Bucket: versioned, Key: 'k', Body: 'first' }));
    await client.send(new PutObjectCommand({ Bucket: versioned, Key: 'k', Body: 'second' }));
    const onItself = { Bucket: versioned, Key: 'k', CopySource: `${versioned}/k` };
    expect((await failure(client.send(new CopyObjectCommand(onItself)))).code).toBe('InvalidRequest');
    const CopySource = `${versioned}/k?versionId=${first.VersionId}`;
    const restored = await client.send(new CopyObjectCommand({ ...onItself, CopySource }));
    expect(restored.CopySourceVersionId).toBe(first.VersionId);
    const got = await client.send(new GetObjectCommand({ Bucket: versioned, Key: 'k' }));
    expect(await got.Body?.transformToString()).toBe('first');
  });

  it('happen under conditions on source and target', async () => {
    const client = server.client();
    const { ETag } = await client.send(new PutObjectCommand({ Bucket, Key: 'cond', Body: 'x' }));
    const copy = (input: object) =>
      client.send(new CopyObjectCommand({ Bucket, Key: 'cond-copy', CopySource: `/${Bucket}/cond`, ...input }));
    expect((await failure(copy({ CopySourceIfMatch: '"other"' }))).code).toBe('PreconditionFailed');
    expect((await failure(copy({ CopySourceIfNoneMatch: ETag }))).code).toBe('PreconditionFailed');
    await copy({ CopySourceIfMatch: ETag, IfNoneMatch: '*' });
    expect((await failure(copy({ IfNoneMatch: '*' }))).code).toBe('PreconditionFailed');
    expect((await failure(copy({ CopySource: `${Bucket}/none` }))).code).toBe('NoSuchKey');
  });

  it('take no space of their own and leave no files behind', async () => {
    const client = server.client();
    const contents = join(server.directory, 's3', 'contents');
    const files = () =>
      readdirSync(contents, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name));
    // Contents that earlier tests replaced may still be on their way out.
    const before = new Set(files());
    await client.send(new PutObjectCommand({ Bucket, Key: 'once', Body: 'x' }));
    for (let n = 0; n < 5; n += 1) {
      await client.send(new CopyObjectCommand({ Bucket, Key: 'twice', CopySource: `${Bucket}/once` }));
      expect(
        (
          await failure(
            client.send(
              new CopyObjectCommand({ Bucket, Key: 'twice', CopySource: `${Bucket}/once`, IfNoneMatch: '*' }),
            ),
          )
        ).code,
      ).toBe('PreconditionFailed');
    }
    await client.send(new DeleteObjectCommand({ Bucket, Key: 'once' }));
    await client.send(new DeleteObjectCommand({ Bucket, Key: 'twice' }));
    await expect.poll(() => files().filter((file) => !before.has(file))).toEqual([]);
  });
});
