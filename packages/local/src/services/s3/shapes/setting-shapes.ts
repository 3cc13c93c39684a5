import { Type } from 'typebox';
import { tag } from './members.js';
import { flag, flattened, integer, listOf, text, time } from './traits.js';

/** The documents behind a bucket's sub-resources, under their XML root elements. */

export const taggingDocument = Type.Object({ TagSet: listOf('Tag', tag) }, { payload: { root: 'Tagging' } });

const lifecycleFilter = {
  Prefix: text(),
  ObjectSizeGreaterThan: integer(),
  ObjectSizeLessThan: integer(),
};

const transition = Type.Object({ Date: time(), Days: integer(), StorageClass: text() });
const noncurrentTransition = Type.Object({
  NoncurrentDays: integer(),
  NewerNoncurrentVersions: integer(),
  StorageClass: text(),
});

export const lifecycleRule = Type.Object({
  ID: text(),
  Prefix: text(),
  Status: Type.Union([Type.Literal('Enabled'), Type.Literal('Disabled')]),
  Filter: Type.Optional(
    Type.Object({
      ...lifecycleFilter,
      Tag: Type.Optional(tag),
      And: Type.Optional(Type.Object({ ...lifecycleFilter, Tags: Type.Optional(flattened('Tag', tag)) })),
    }),
  ),
  Expiration: Type.Optional(Type.Object({ Date: time(), Days: integer(), ExpiredObjectDeleteMarker: flag() })),
  NoncurrentVersionExpiration: Type.Optional(
    Type.Object({ NoncurrentDays: integer(), NewerNoncurrentVersions: integer() }),
  ),
  Transitions: Type.Optional(flattened('Transition', transition)),
  NoncurrentVersionTransitions: Type.Optional(flattened('NoncurrentVersionTransition', noncurrentTransition)),
  AbortIncompleteMultipartUpload: Type.Optional(Type.Object({ DaysAfterInitiation: integer() })),
});

export const lifecycleDocument = Type.Object(
  { Rules: flattened('Rule', lifecycleRule) },
  { payload: { root: 'LifecycleConfiguration' } },
);

export const encryptionDocument = Type.Object(
  {
    Rules: flattened(
      'Rule',
      Type.Object({
        ApplyServerSideEncryptionByDefault: Type.Optional(
          Type.Object({ SSEAlgorithm: Type.String(), KMSMasterKeyID: text() }),
        ),
        BucketKeyEnabled: flag(),
      }),
    ),
  },
  { payload: { root: 'ServerSideEncryptionConfiguration' } },
);

export const publicAccessBlockDocument = Type.Object(
  {
    BlockPublicAcls: flag(),
    IgnorePublicAcls: flag(),
    BlockPublicPolicy: flag(),
    RestrictPublicBuckets: flag(),
  },
  { payload: { root: 'PublicAccessBlockConfiguration' } },
);

export const ownershipDocument = Type.Object(
  { Rules: flattened('Rule', Type.Object({ ObjectOwnership: Type.String() })) },
  { payload: { root: 'OwnershipControls' } },
);

export const policyDocument = Type.String({ payload: 'text' });
