import {
  type AccessRule,
  all,
  anywhere,
  type CallInput,
  type ConditionKeys,
  on,
  type Permission,
  type ServiceAccess,
} from '../../iam/access.js';
import type { S3Core } from './core.js';
import { parseCopySource } from './operations/copy-source.js';

/** Denials of S3 quote the ARN. */
export const s3Denial = { code: 'AccessDenied', status: 403, resource: (arn: string) => `"${arn}"` } as const;

const bucketArn = (bucket: unknown): string => `arn:aws:s3:::${String(bucket ?? '')}`;
export const objectArn = (bucket: unknown, key: unknown): string => `${bucketArn(bucket)}/${String(key ?? '')}`;

const bucketOf = ({ Bucket }: CallInput) => bucketArn(Bucket);
const objectOf = ({ Bucket, Key }: CallInput) => objectArn(Bucket, Key);
const textKey = (value: unknown) => (value === undefined ? undefined : String(value));

const listingKeys = ({ Prefix, Delimiter, MaxKeys }: CallInput): ConditionKeys => ({
  's3:prefix': textKey(Prefix),
  's3:delimiter': textKey(Delimiter),
  's3:max-keys': textKey(MaxKeys),
});

const onBucket = (action: string): AccessRule => on(`s3:${action}`, bucketOf);
const onObject = (action: string): AccessRule => on(`s3:${action}`, objectOf);

/** An action on an object, whose name ends in `Version` when the call names one. */
const onVersion =
  (before: string, after = ''): AccessRule =>
  (input) => {
    const { VersionId } = input;
    const isNamed = VersionId !== undefined && VersionId !== '';
    return [
      {
        action: `s3:${before}${isNamed ? 'Version' : ''}${after}`,
        resource: objectOf(input),
        ...(isNamed ? { keys: { 's3:VersionId': String(VersionId) } } : {}),
      },
    ];
  };

/** Writing tags with an object needs a permission of its own. */
const writing: AccessRule = (input) => {
  const { Tagging, ServerSideEncryption, StorageClass } = input;
  const keys: ConditionKeys = {
    's3:x-amz-server-side-encryption': textKey(ServerSideEncryption),
    's3:x-amz-storage-class': textKey(StorageClass),
  };
  const put: Permission = { action: 's3:PutObject', resource: objectOf(input), keys };
  const hasTags = typeof Tagging === 'string' && Tagging !== '';
  return hasTags ? [put, { action: 's3:PutObjectTagging', resource: objectOf(input), keys }] : [put];
};

/** A permission on the source of a copy; none if the source cannot be read, which the operation refuses. */
const onSource =
  (action: string): AccessRule =>
  ({ CopySource }) => {
    const source = sourceOf(CopySource);
    if (source === undefined) return [];
    const { bucket, key, versionId } = source;
    const version = versionId === undefined ? '' : 'Version';
    return [{ action: action.replace('{Version}', version), resource: objectArn(bucket, key) }];
  };

function sourceOf(header: unknown) {
  try {
    return parseCopySource(String(header ?? ''));
  } catch {
    return undefined;
  }
}

const settings = (put: string, get: string) => ({ put: onBucket(put), get: onBucket(get) });
const tagging = settings('PutBucketTagging', 'GetBucketTagging');
const lifecycle = settings('PutLifecycleConfiguration', 'GetLifecycleConfiguration');
const encryption = settings('PutEncryptionConfiguration', 'GetEncryptionConfiguration');
const publicAccess = settings('PutBucketPublicAccessBlock', 'GetBucketPublicAccessBlock');
const ownership = settings('PutBucketOwnershipControls', 'GetBucketOwnershipControls');

/** The permissions of S3. */
export function s3Access(core: S3Core): ServiceAccess {
  /** CopyObject copies the source's tags, unless it replaces them. */
  const copiedTags: AccessRule = (input) => {
    const { TaggingDirective, CopySource } = input;
    const source = sourceOf(CopySource);
    if (String(TaggingDirective ?? 'COPY') !== 'COPY' || source === undefined) return [];
    const current = core.buckets.find(source.bucket) && core.objects.index(source.bucket).current(source.key);
    const hasTags = current?.kind === 'object' && Object.keys(current.tags ?? {}).length > 0;
    if (!hasTags) return [];
    return [
      ...onSource('s3:GetObject{Version}Tagging')(input),
      { action: 's3:PutObjectTagging', resource: objectOf(input) },
    ];
  };

  return {
    rules: {
      ListBuckets: anywhere('s3:ListAllMyBuckets'),
      CreateBucket: onBucket('CreateBucket'),
      DeleteBucket: onBucket('DeleteBucket'),
      HeadBucket: onBucket('ListBucket'),
      GetBucketLocation: onBucket('GetBucketLocation'),
      ListObjects: on('s3:ListBucket', bucketOf, listingKeys),
      ListObjectsV2: on('s3:ListBucket', bucketOf, listingKeys),
      ListObjectVersions: on('s3:ListBucketVersions', bucketOf, listingKeys),
      ListMultipartUploads: onBucket('ListBucketMultipartUploads'),
      PutBucketVersioning: onBucket('PutBucketVersioning'),
      GetBucketVersioning: onBucket('GetBucketVersioning'),
      PutBucketNotificationConfiguration: onBucket('PutBucketNotification'),
      GetBucketNotificationConfiguration: onBucket('GetBucketNotification'),
      PutBucketTagging: tagging.put,
      GetBucketTagging: tagging.get,
      DeleteBucketTagging: tagging.put,
      PutBucketLifecycleConfiguration: lifecycle.put,
      GetBucketLifecycleConfiguration: lifecycle.get,
      DeleteBucketLifecycle: lifecycle.put,
      PutBucketEncryption: encryption.put,
      GetBucketEncryption: encryption.get,
      DeleteBucketEncryption: encryption.put,
      PutPublicAccessBlock: publicAccess.put,
      GetPublicAccessBlock: publicAccess.get,
      DeletePublicAccessBlock: publicAccess.put,
      PutBucketOwnershipControls: ownership.put,
      GetBucketOwnershipControls: ownership.get,
      DeleteBucketOwnershipControls: ownership.put,
      PutBucketPolicy: onBucket('PutBucketPolicy'),
      GetBucketPolicy: onBucket('GetBucketPolicy'),
      DeleteBucketPolicy: onBucket('DeleteBucketPolicy'),
      GetObject: onVersion('GetObject'),
      HeadObject: onVersion('GetObject'),
      GetObjectAttributes: all(onVersion('GetObject'), onVersion('GetObject', 'Attributes')),
      PutObject: writing,
      CopyObject: all(onSource('s3:GetObject{Version}'), copiedTags, writing),
      DeleteObject: onVersion('DeleteObject'),
      // Each of its objects is decided on by itself.
      DeleteObjects: () => [],
      GetObjectTagging: onVersion('GetObject', 'Tagging'),
      PutObjectTagging: onVersion('PutObject', 'Tagging'),
      DeleteObjectTagging: onVersion('DeleteObject', 'Tagging'),
      CreateMultipartUpload: writing,
      UploadPart: onObject('PutObject'),
      UploadPartCopy: all(onSource('s3:GetObject{Version}'), onObject('PutObject')),
      CompleteMultipartUpload: onObject('PutObject'),
      AbortMultipartUpload: onObject('AbortMultipartUpload'),
      ListParts: onObject('ListMultipartUploadParts'),
    },
    policyOf: (arn) => core.buckets.find(arn.slice(arn.lastIndexOf(':') + 1).split('/')[0] ?? '')?.settings?.['Policy'],
    // Without ListBucket nobody learns which objects do not exist.
    hides: (operation, { Bucket, CopySource }, code) => {
      if (code !== 'NoSuchKey') return undefined;
      const bucket =
        operation === 'CopyObject' || operation === 'UploadPartCopy' ? sourceOf(CopySource)?.bucket : Bucket;
      return { action: 's3:ListBucket', resource: bucketArn(bucket) };
    },
    denial: s3Denial,
  };
}
