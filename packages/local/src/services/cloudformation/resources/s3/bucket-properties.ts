import { decimal, document, documents, flag, list, shape, tagList, text, whole } from '../schema.js';

const transition = shape({ StorageClass: text }, { TransitionDate: text, TransitionInDays: whole });
const noncurrentTransition = shape({ StorageClass: text, TransitionInDays: whole }, { NewerNoncurrentVersions: whole });

const lifecycleRule = shape(
  { Status: text },
  {
    AbortIncompleteMultipartUpload: shape({ DaysAfterInitiation: whole }),
    ExpirationDate: text,
    ExpirationInDays: whole,
    ExpiredObjectDeleteMarker: flag,
    Id: text,
    NoncurrentVersionExpiration: shape({ NoncurrentDays: whole }, { NewerNoncurrentVersions: whole }),
    NoncurrentVersionExpirationInDays: whole,
    NoncurrentVersionTransition: noncurrentTransition,
    NoncurrentVersionTransitions: list(noncurrentTransition),
    ObjectSizeGreaterThan: decimal,
    ObjectSizeLessThan: decimal,
    Prefix: text,
    TagFilters: tagList,
    Transition: transition,
    Transitions: list(transition),
  },
);

const encryptionRule = shape(
  {},
  {
    BlockedEncryptionTypes: document,
    BucketKeyEnabled: flag,
    ServerSideEncryptionByDefault: shape({ SSEAlgorithm: text }, { KMSMasterKeyID: text }),
  },
);

/**
 * Properties of AWS::S3::Bucket. Properties that change a bucket's behaviour but that the engine does not support
 * (websites, CORS, replication, object lock) are omitted, so that a template with them is rejected; reports and
 * acceleration are only recorded.
 */
export const bucketProperties = shape(
  {},
  {
    AccelerateConfiguration: document,
    AccessControl: text,
    AnalyticsConfigurations: documents,
    BucketEncryption: shape({ ServerSideEncryptionConfiguration: list(encryptionRule) }),
    BucketName: text,
    IntelligentTieringConfigurations: documents,
    InventoryConfigurations: documents,
    LifecycleConfiguration: shape({ Rules: list(lifecycleRule) }, { TransitionDefaultMinimumObjectSize: text }),
    LoggingConfiguration: document,
    MetadataConfiguration: document,
    MetadataTableConfiguration: document,
    MetricsConfigurations: documents,
    NotificationConfiguration: shape(
      {},
      {
        EventBridgeConfiguration: shape({}, { EventBridgeEnabled: flag }),
        LambdaConfigurations: documents,
        QueueConfigurations: documents,
        TopicConfigurations: documents,
      },
    ),
    OwnershipControls: shape({ Rules: list(shape({}, { ObjectOwnership: text })) }),
    PublicAccessBlockConfiguration: shape(
      {},
      { BlockPublicAcls: flag, BlockPublicPolicy: flag, IgnorePublicAcls: flag, RestrictPublicBuckets: flag },
    ),
    Tags: tagList,
    VersioningConfiguration: shape({ Status: text }),
  },
);
