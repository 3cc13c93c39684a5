import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteBucketPolicyCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLocationCommand,
  GetBucketNotificationConfigurationCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketNotificationConfigurationCommand,
  PutBucketPolicyCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failure, S3Server } from './s3-server.js';

const server = new S3Server();
beforeAll(() => server.start());
afterAll(() => server.dispose());

describe('buckets', () => {
  it('are created, found, listed in order and deleted', async () => {
    const client = server.client();
    await client.send(new CreateBucketCommand({ Bucket: 'life-b' }));
    await client.send(new CreateBucketCommand({ Bucket: 'life-a' }));
    expect((await client.send(new HeadBucketCommand({ Bucket: 'life-a' }))).BucketRegion).toBe('us-east-1');
    const { Buckets, Owner } = await client.send(new ListBucketsCommand({ Prefix: 'life-' }));
    expect(Buckets?.map(({ Name }) => Name)).toEqual(['life-a', 'life-b']);
    expect(Buckets?.[0]?.CreationDate?.getTime()).toBeGreaterThan(Date.now() - 60_000);
    expect(Owner?.ID).toHaveLength(64);
    await client.send(new DeleteBucketCommand({ Bucket: 'life-a' }));
    expect(await failure(client.send(new HeadBucketCommand({ Bucket: 'life-a' })))).toEqual({
      code: 'NotFound',
      status: 404,
    });
    expect((await client.send(new GetBucketLocationCommand({ Bucket: 'life-b' }))).LocationConstraint).toBeUndefined();
  });

  it('can be created again by their owner in us-east-1, and nowhere else', async () => {
    const client = server.client();
    await client.send(new CreateBucketCommand({ Bucket: 'again' }));
    expect((await client.send(new CreateBucketCommand({ Bucket: 'again' }))).Location).toBe('/again');
    const elsewhere = new S3Server({ region: 'eu-central-1' });
    await elsewhere.start();
    try {
      const create = new CreateBucketCommand({
        Bucket: 'again',
        CreateBucketConfiguration: { LocationConstraint: 'eu-central-1' },
      });
      await elsewhere.client().send(create);
      expect(await failure(elsewhere.client().send(create))).toEqual({ code: 'BucketAlreadyOwnedByYou', status: 409 });
      const location = await elsewhere.client().send(new GetBucketLocationCommand({ Bucket: 'again' }));
      expect(location.LocationConstraint).toBe('eu-central-1');
    } finally {
      await elsewhere.dispose();
    }
  });

  it('have names by the rules', async () => {
    const client = server.client();
    for (const Bucket of ['Upper', 'ab', 'a..b', '192.168.5.4', '-dash', 'xn--puny', 'x-s3alias'])
      expect((await failure(client.send(new CreateBucketCommand({ Bucket })))).code, Bucket).toBe('InvalidBucketName');
  });

  it('are not deleted while they hold objects', async () => {
    const client = server.client();
    await client.send(new CreateBucketCommand({ Bucket: 'full' }));
    await client.send(new PutObjectCommand({ Bucket: 'full', Key: 'k', Body: 'x' }));
    expect(await failure(client.send(new DeleteBucketCommand({ Bucket: 'full' })))).toEqual({
      code: 'BucketNotEmpty',
      status: 409,
    });
  });

  it('keep their settings, and say when there are none', async () => {
    const client = server.client();
    const Bucket = 'settings';
    await client.send(new CreateBucketCommand({ Bucket }));
    expect((await failure(client.send(new GetBucketTaggingCommand({ Bucket })))).code).toBe('NoSuchTagSet');
    const TagSet = [{ Key: 'a', Value: '<1>' }];
    await client.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } }));
    expect((await client.send(new GetBucketTaggingCommand({ Bucket }))).TagSet).toEqual(TagSet);

    const Rules = [
      {
        ID: 'launches',
        Status: 'Enabled' as const,
        Filter: { Prefix: '__launches__/' },
        Expiration: { Days: 30 },
        NoncurrentVersionExpiration: { NoncurrentDays: 1 },
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
      },
    ];
    await client.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } }));
    expect((await client.send(new GetBucketLifecycleConfigurationCommand({ Bucket }))).Rules).toEqual(Rules);

    expect(
      (await client.send(new GetBucketEncryptionCommand({ Bucket }))).ServerSideEncryptionConfiguration?.Rules?.[0]
        ?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm,
    ).toBe('AES256');
    const encryption = { Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' as const } }] };
    await client.send(new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: encryption }));
    expect((await client.send(new GetBucketEncryptionCommand({ Bucket }))).ServerSideEncryptionConfiguration).toEqual(
      encryption,
    );

    const open = {
      BlockPublicAcls: false,
      IgnorePublicAcls: true,
      BlockPublicPolicy: false,
      RestrictPublicBuckets: true,
    };
    await client.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: open }));
    expect((await client.send(new GetPublicAccessBlockCommand({ Bucket }))).PublicAccessBlockConfiguration).toEqual(
      open,
    );

    expect((await client.send(new GetBucketOwnershipControlsCommand({ Bucket }))).OwnershipControls).toEqual({
      Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }],
    });

    const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [] });
    expect((await failure(client.send(new GetBucketPolicyCommand({ Bucket })))).code).toBe('NoSuchBucketPolicy');
    await client.send(new PutBucketPolicyCommand({ Bucket, Policy }));
    expect((await client.send(new GetBucketPolicyCommand({ Bucket }))).Policy).toBe(Policy);
    await client.send(new DeleteBucketPolicyCommand({ Bucket }));
    expect((await failure(client.send(new PutBucketPolicyCommand({ Bucket, Policy: '{' })))).code).toBe(
      'MalformedPolicy',
    );
  });

  it('turn versioning and EventBridge on, and refuse targets that the engine does not have', async () => {
    const client = server.client();
    const Bucket = 'switches';
    await client.send(new CreateBucketCommand({ Bucket }));
    expect((await client.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBeUndefined();
    await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
    expect((await client.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBe('Enabled');
    const read = () => client.send(new GetBucketNotificationConfigurationCommand({ Bucket }));
    expect((await read()).EventBridgeConfiguration).toBeUndefined();
    await client.send(
      new PutBucketNotificationConfigurationCommand({
        Bucket,
        NotificationConfiguration: { EventBridgeConfiguration: {} },
      }),
    );
    expect((await read()).EventBridgeConfiguration).toEqual({});
    const direct = new PutBucketNotificationConfigurationCommand({
      Bucket,
      NotificationConfiguration: {
        QueueConfigurations: [{ QueueArn: 'arn:aws:sqs:q', Events: ['s3:ObjectCreated:*'] }],
      },
    });
    expect((await failure(client.send(direct))).code).toBe('NotImplemented');
  });
});
