import { isRegionName } from '../../../kernel/regions.js';
import type { S3Core } from '../core.js';
import { ownerOf } from '../core.js';
import { S3Error } from '../errors.js';
import { checkBucketName } from '../names.js';
import {
  createBucketModel,
  deleteBucketModel,
  getBucketLocationModel,
  headBucketModel,
  listBucketsModel,
} from '../shapes/bucket-shapes.js';
import { type Implementation, implement } from '../shapes/operation.js';
import type { BucketRecord } from '../storage/records.js';
import { checkTags, tagSetOf } from '../tags.js';

/** Creating, finding and deleting buckets. */
export const bucketOperations = (core: S3Core): Implementation[] => {
  const arnOf = (bucket: BucketRecord) => `arn:${core.context.partition}:s3:::${bucket.name}`;
  return [
    implement(createBucketModel, async (input, request) => {
      checkBucketName(input.Bucket);
      const constraint = input.CreateBucketConfiguration?.LocationConstraint || undefined;
      if (constraint !== undefined && !isRegionName(constraint))
        throw new S3Error('InvalidLocationConstraint', 'The specified location-constraint is not valid', {
          members: { LocationConstraint: constraint },
        });
      const called = request.region ?? constraint ?? core.context.region;
      const region = constraint ?? called;
      // The endpoint of us-east-1 is the global one, which creates buckets everywhere.
      if (region !== called && called !== 'us-east-1')
        throw new S3Error(
          'IllegalLocationConstraintException',
          `The ${constraint} location constraint is incompatible for the region specific endpoint this request was sent to.`,
        );
      const existing = core.buckets.find(input.Bucket);
      // S3 returns 200 to the owner in us-east-1, and 409 in every other region.
      if (existing !== undefined && region !== 'us-east-1')
        throw new S3Error(
          'BucketAlreadyOwnedByYou',
          'Your previous request to create the named bucket succeeded and you already own it.',
          { status: 409, members: { BucketName: input.Bucket } },
        );
      const tags = input.CreateBucketConfiguration?.Tags;
      const bucket = existing ?? {
        name: input.Bucket,
        region,
        created: Date.now(),
        settings: {
          ...newBucketSettings(input.ObjectOwnership),
          ...(tags === undefined ? {} : { Tagging: { TagSet: tagSetOf(checkTags(tags, 50)) } }),
        },
      };
      if (existing === undefined) {
        core.buckets.save(bucket);
        await core.context.journal.flush();
      }
      return { Location: `/${bucket.name}`, BucketArn: arnOf(bucket) };
    }),

    implement(headBucketModel, (input) => {
      const bucket = core.buckets.get(input.Bucket);
      return { BucketRegion: bucket.region, BucketArn: arnOf(bucket), AccessPointAlias: false };
    }),

    implement(deleteBucketModel, async (input) => {
      const notEmpty = !core.objects.index(input.Bucket).isEmpty;
      if (notEmpty)
        throw new S3Error(
          'BucketNotEmpty',
          core.buckets.get(input.Bucket).versioning === undefined
            ? 'The bucket you tried to delete is not empty'
            : 'The bucket you tried to delete is not empty. You must delete all versions in the bucket.',
          { status: 409, members: { BucketName: input.Bucket } },
        );
      const uploads = core.uploads.inBucket(input.Bucket);
      const parts = uploads.flatMap(({ uploadId }) => core.uploads.remove(uploadId));
      core.buckets.remove(input.Bucket);
      core.objects.forget(input.Bucket);
      await core.context.journal.flush();
      for (const { segments } of parts) core.discard(segments);
      return {};
    }),

    implement(listBucketsModel, (input) => {
      const limit = Math.max(input.MaxBuckets ?? 10_000, 1);
      const found = core.buckets
        .list()
        .filter(({ name }) => name.startsWith(input.Prefix ?? ''))
        .filter(({ region }) => input.BucketRegion === undefined || region === input.BucketRegion)
        .filter(({ name }) => input.ContinuationToken === undefined || name > input.ContinuationToken);
      const page = found.slice(0, limit);
      return {
        Owner: ownerOf(core),
        Buckets: page.map((bucket) => ({
          Name: bucket.name,
          CreationDate: new Date(bucket.created),
          BucketRegion: bucket.region,
          BucketArn: arnOf(bucket),
        })),
        ContinuationToken: found.length > page.length ? page.at(-1)?.name : undefined,
        Prefix: input.Prefix,
      };
    }),

    implement(getBucketLocationModel, (input) => {
      const { region } = core.buckets.get(input.Bucket);
      return { LocationConstraint: region === 'us-east-1' ? '' : region };
    }),
  ];
};

/** Default of every new bucket since 2023: no public access, and objects that belong to the bucket's owner. */
const newBucketSettings = (ownership: string | undefined) => ({
  PublicAccessBlockConfiguration: {
    BlockPublicAcls: true,
    IgnorePublicAcls: true,
    BlockPublicPolicy: true,
    RestrictPublicBuckets: true,
  },
  OwnershipControls: { Rules: [{ ObjectOwnership: ownership ?? 'BucketOwnerEnforced' }] },
  ServerSideEncryptionConfiguration: {
    Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BucketKeyEnabled: false }],
  },
});
