import { present } from '../../../../kernel/present.js';
import { isList, isObject, type Json, type JsonObject } from '../../json.js';
import { objectOf, objectsOf } from '../members.js';
import { lifecycleRuleOf } from './lifecycle-rule.js';

/** An operation of S3 and its input, without the bucket. */
type Request = readonly [operation: string, input: object];

/** The S3 requests that set a property of a bucket and remove it. */
interface BucketSetting {
  readonly property: string;
  put(value: Json): Request;
  readonly remove: Request;
}

/** In the order in which they are applied. */
export const bucketSettings: readonly BucketSetting[] = [
  {
    property: 'OwnershipControls',
    put: (OwnershipControls) => ['PutBucketOwnershipControls', { OwnershipControls }],
    remove: ['DeleteBucketOwnershipControls', {}],
  },
  {
    property: 'PublicAccessBlockConfiguration',
    put: (PublicAccessBlockConfiguration) => ['PutPublicAccessBlock', { PublicAccessBlockConfiguration }],
    remove: ['DeletePublicAccessBlock', {}],
  },
  {
    property: 'BucketEncryption',
    put: (value) => ['PutBucketEncryption', { ServerSideEncryptionConfiguration: { Rules: encryptionRules(value) } }],
    remove: ['DeleteBucketEncryption', {}],
  },
  {
    property: 'VersioningConfiguration',
    put: (VersioningConfiguration) => ['PutBucketVersioning', { VersioningConfiguration }],
    // Versioning can only be suspended once it has been enabled.
    remove: ['PutBucketVersioning', { VersioningConfiguration: { Status: 'Suspended' } }],
  },
  {
    property: 'LifecycleConfiguration',
    put: (value) => [
      'PutBucketLifecycleConfiguration',
      { LifecycleConfiguration: { Rules: objectsOf(asObject(value), 'Rules').map(lifecycleRuleOf) } },
    ],
    remove: ['DeleteBucketLifecycle', {}],
  },
  {
    property: 'NotificationConfiguration',
    put: (value) => [
      'PutBucketNotificationConfiguration',
      { NotificationConfiguration: notifications(asObject(value)) },
    ],
    remove: ['PutBucketNotificationConfiguration', { NotificationConfiguration: {} }],
  },
  {
    property: 'Tags',
    put: (TagSet) => ['PutBucketTagging', { Tagging: { TagSet } }],
    remove: ['DeleteBucketTagging', {}],
  },
];

const asObject = (value: Json): JsonObject => (isObject(value) ? value : {});

function encryptionRules(value: Json): readonly object[] {
  return objectsOf(asObject(value), 'ServerSideEncryptionConfiguration').map((rule) => {
    const { ServerSideEncryptionByDefault, BucketKeyEnabled } = rule;
    return {
      ...present({ ApplyServerSideEncryptionByDefault: ServerSideEncryptionByDefault, BucketKeyEnabled }),
    };
  });
}

function notifications(value: JsonObject): object {
  const eventBridge = objectOf(value, 'EventBridgeConfiguration');
  const targets = {
    LambdaFunctionConfigurations: value['LambdaConfigurations'],
    QueueConfigurations: value['QueueConfigurations'],
    TopicConfigurations: value['TopicConfigurations'],
  };
  return {
    ...(eventBridge === undefined || eventBridge['EventBridgeEnabled'] === false
      ? {}
      : { EventBridgeConfiguration: {} }),
    ...Object.fromEntries(Object.entries(targets).filter(([, list]) => isList(list))),
  };
}
