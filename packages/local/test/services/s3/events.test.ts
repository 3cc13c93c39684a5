import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  HeadObjectCommand,
  PutBucketNotificationConfigurationCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { failure, S3Server } from './s3-server.js';

const server = new S3Server();
const Bucket = 'watched';
beforeAll(async () => {
  await server.start();
  const client = server.client();
  await client.send(new CreateBucketCommand({ Bucket }));
  await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
  const NotificationConfiguration = { EventBridgeConfiguration: {} };
  await client.send(new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration }));
});
afterAll(() => server.dispose());
beforeEach(() => server.events.splice(0));

const details = () => server.events.map(({ detail }) => detail);

describe('events of a bucket with EventBridge', () => {
  it('tell that an object was created, in the shape of S3, before the client knows', async () => {
    const client = server.client();
    const Key = 'wf/a b/ü&+.json';
    const { VersionId, ETag } = await client.send(new PutObjectCommand({ Bucket, Key, Body: 'hello' }));
    expect(server.events).toHaveLength(1);
    expect(server.events[0]).toEqual({
      version: '0',
      id: expect.any(String),
      'detail-type': 'Object Created',
      source: 'aws.s3',
      account: '123456789012',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      region: 'us-east-1',
      resources: ['arn:aws:s3:::watched'],
      detail: {
        version: '0',
        'event-version': '1.0',
        bucket: { name: Bucket },
        object: {
          key: Key,
          size: 5,
          etag: ETag?.replaceAll('"', ''),
          'version-id': VersionId,
          sequencer: expect.stringMatching(/^[0-9A-F]{16}$/),
        },
        'request-id': expect.stringMatching(/^[0-9A-F]{16}$/),
        requester: '123456789012',
        'source-ip-address': '127.0.0.1',
        reason: 'PutObject',
      },
    });
  });

  it('name the reason, and grow in their sequencer', async () => {
    const client = server.client();
    await client.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x' }));
    await client.send(
      new CopyObjectCommand({ Bucket, Key: 'k', CopySource: `${Bucket}/k`, MetadataDirective: 'REPLACE' }),
    );
    const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key: 'k' }));
    const part = await client.send(new UploadPartCommand({ Bucket, Key: 'k', UploadId, PartNumber: 1, Body: 'y' }));
    const Parts = [{ PartNumber: 1, ETag: part.ETag }];
    await client.send(new CompleteMultipartUploadCommand({ Bucket, Key: 'k', UploadId, MultipartUpload: { Parts } }));
    expect(details().map(({ reason }) => reason)).toEqual(['PutObject', 'CopyObject', 'CompleteMultipartUpload']);
    const sequencers = details().map(({ object }) => String(Reflect.get(Object(object), 'sequencer')));
    expect([...sequencers].sort()).toEqual(sequencers);
    expect(new Set(sequencers).size).toBe(3);
  });

  it('tell deletions apart: a marker, and for good', async () => {
    const client = server.client();
    const { VersionId } = await client.send(new PutObjectCommand({ Bucket, Key: 'gone', Body: 'x' }));
    await client.send(new DeleteObjectCommand({ Bucket, Key: 'gone' }));
    await client.send(new DeleteObjectCommand({ Bucket, Key: 'gone', VersionId }));
    const deleted = server.events.filter((event) => event['detail-type'] === 'Object Deleted');
    expect(deleted.map(({ detail }) => [detail['reason'], detail['deletion-type']])).toEqual([
      ['DeleteObject', 'Delete Marker Created'],
      ['DeleteObject', 'Permanently Deleted'],
    ]);
    expect(deleted[1]?.detail['object']).toMatchObject({ key: 'gone', 'version-id': VersionId });
  });

  it('come from objects that can be read already', async () => {
    const client = server.client();
    await client.send(new PutObjectCommand({ Bucket, Key: 'readable', Body: 'x' }));
    const object = server.events[0]?.detail['object'];
    const VersionId = String(Reflect.get(Object(object), 'version-id'));
    await client.send(new HeadObjectCommand({ Bucket, Key: 'readable', VersionId }));
  });

  it('are not sent for writes that did not happen, nor by other buckets', async () => {
    const client = server.client();
    await client.send(new PutObjectCommand({ Bucket, Key: 'once', Body: 'x' }));
    await failure(client.send(new PutObjectCommand({ Bucket, Key: 'once', Body: 'x', IfNoneMatch: '*' })));
    await client.send(new CreateBucketCommand({ Bucket: 'silent' }));
    await client.send(new PutObjectCommand({ Bucket: 'silent', Key: 'k', Body: 'x' }));
    expect(server.events).toHaveLength(1);
  });
});
