import { getAtt, type Resource, ref, sub, type Text, when } from '@bclaw/compiler';
import { launchesFolder } from '@bclaw/spec/contract';
import { conditions } from './conditions.js';

const bucketId = 'LauncherBucket';

export const launcherBucket = ref(bucketId);

/** ARN of the objects below a prefix of the bucket, e.g. `__definitions__/*`; `*` for all. */
export const launcherObjects = (pattern: string): Text =>
  sub(`\${Bucket}/${pattern}`, { Bucket: getAtt(bucketId, 'Arn') });

export const launcherBucketArn = getAtt(bucketId, 'Arn');

/** Longer than a dead letter's retention, so that a job redriven from one still has its launch record. */
const launchRecordDays = 30;

/** Receives the job files; each upload is a version of its own and sends an event to EventBridge. */
export const launcherBucketResources: Readonly<Record<string, Resource>> = {
  [bucketId]: {
    Type: 'AWS::S3::Bucket',
    // Job files and definitions of deployed workflows outlive the installation.
    DeletionPolicy: 'RetainExceptOnCreate',
    UpdateReplacePolicy: 'Retain',
    Properties: {
      BucketName: when(
        conditions.ownLauncherBucketName,
        ref('LauncherBucketName'),
        sub('${AWS::StackName}-launcher-${AWS::AccountId}'),
      ),
      VersioningConfiguration: { Status: 'Enabled' },
      NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } },
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      LifecycleConfiguration: {
        Rules: [
          {
            Id: 'expire-launch-records',
            Status: 'Enabled',
            Prefix: `${launchesFolder}/`,
            ExpirationInDays: launchRecordDays,
            NoncurrentVersionExpiration: { NoncurrentDays: 1 },
          },
          {
            // Expiration in a versioned bucket only sets a delete marker; this removes the marker too.
            Id: 'remove-expired-markers',
            Status: 'Enabled',
            Prefix: `${launchesFolder}/`,
            ExpiredObjectDeleteMarker: true,
          },
          {
            Id: 'abort-unfinished-uploads',
            Status: 'Enabled',
            AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
          },
        ],
      },
    },
  },
  LauncherBucketPolicy: {
    Type: 'AWS::S3::BucketPolicy',
    Properties: {
      Bucket: launcherBucket,
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Sid: 'EncryptedConnectionsOnly',
            Effect: 'Deny',
            Principal: '*',
            Action: 's3:*',
            Resource: [launcherBucketArn, launcherObjects('*')],
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          },
        ],
      },
    },
  },
};
