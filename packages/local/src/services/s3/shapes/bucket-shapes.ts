import { Type } from 'typebox';
import { bucketLabel, owner, tag } from './members.js';
import type { OperationModel } from './operation.js';
import { flag, flattened, header, integer, listOf, query, text, time } from './traits.js';

const model = <const M extends OperationModel>(m: M): M => m;

export const createBucketModel = model({
  name: 'CreateBucket',
  method: 'PUT',
  target: 'bucket',
  input: Type.Object({
    ...bucketLabel,
    ObjectOwnership: header('x-amz-object-ownership'),
    CreateBucketConfiguration: Type.Optional(
      Type.Object(
        { LocationConstraint: text(), Tags: Type.Optional(listOf('Tag', tag)) },
        { payload: { root: 'CreateBucketConfiguration' } },
      ),
    ),
  }),
  output: Type.Object({ Location: header('location'), BucketArn: header('x-amz-bucket-arn') }),
});

export const headBucketModel = model({
  name: 'HeadBucket',
  method: 'HEAD',
  target: 'bucket',
  input: Type.Object(bucketLabel),
  output: Type.Object({
    BucketRegion: header('x-amz-bucket-region'),
    BucketArn: header('x-amz-bucket-arn'),
    AccessPointAlias: flag({ header: 'x-amz-access-point-alias' }),
  }),
});

export const deleteBucketModel = model({
  name: 'DeleteBucket',
  method: 'DELETE',
  target: 'bucket',
  status: 204,
  input: Type.Object(bucketLabel),
  output: Type.Object({}),
});

export const listBucketsModel = model({
  name: 'ListBuckets',
  method: 'GET',
  target: 'service',
  root: 'ListAllMyBucketsResult',
  input: Type.Object({
    Prefix: query('prefix'),
    MaxBuckets: integer({ query: 'max-buckets' }),
    ContinuationToken: query('continuation-token'),
    BucketRegion: query('bucket-region'),
  }),
  output: Type.Object({
    Owner: Type.Optional(owner),
    Buckets: listOf(
      'Bucket',
      Type.Object({ Name: text(), CreationDate: time(), BucketRegion: text(), BucketArn: text() }),
    ),
    ContinuationToken: text(),
    Prefix: text(),
  }),
});

export const getBucketLocationModel = model({
  name: 'GetBucketLocation',
  method: 'GET',
  target: 'bucket',
  query: ['location'],
  input: Type.Object(bucketLabel),
  output: Type.Object({ LocationConstraint: Type.String({ payload: { root: 'LocationConstraint' } }) }),
});

export const putBucketVersioningModel = model({
  name: 'PutBucketVersioning',
  method: 'PUT',
  target: 'bucket',
  query: ['versioning'],
  input: Type.Object({
    ...bucketLabel,
    VersioningConfiguration: Type.Object(
      { Status: text(), MFADelete: text({ element: 'MfaDelete' }) },
      { payload: { root: 'VersioningConfiguration' } },
    ),
  }),
  output: Type.Object({}),
});

export const getBucketVersioningModel = model({
  name: 'GetBucketVersioning',
  method: 'GET',
  target: 'bucket',
  query: ['versioning'],
  root: 'VersioningConfiguration',
  input: Type.Object(bucketLabel),
  output: Type.Object({ Status: text() }),
});

const target = (item: string) => Type.Optional(flattened(item, Type.Object({})));

const notifications = {
  TopicConfigurations: target('TopicConfiguration'),
  QueueConfigurations: target('QueueConfiguration'),
  LambdaFunctionConfigurations: target('CloudFunctionConfiguration'),
  EventBridgeConfiguration: Type.Optional(Type.Object({})),
};

export const putBucketNotificationConfigurationModel = model({
  name: 'PutBucketNotificationConfiguration',
  method: 'PUT',
  target: 'bucket',
  query: ['notification'],
  input: Type.Object({
    ...bucketLabel,
    NotificationConfiguration: Type.Object(notifications, { payload: { root: 'NotificationConfiguration' } }),
  }),
  output: Type.Object({}),
});

export const getBucketNotificationConfigurationModel = model({
  name: 'GetBucketNotificationConfiguration',
  method: 'GET',
  target: 'bucket',
  query: ['notification'],
  root: 'NotificationConfiguration',
  input: Type.Object(bucketLabel),
  output: Type.Object(notifications),
});
