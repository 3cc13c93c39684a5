import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  type HeadObjectCommandOutput,
  type S3Client,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { formatS3Uri, type S3Location } from '@bclaw/spec/run-time';
import { Parallel } from '../parallel.js';
import { isNoSuchBucket, isNotFound, noBucket, refusedOr } from './failures.js';

/** Limits on one copy request. */
export interface CopyLimits {
  /** Larger objects are copied in parts, in bytes. */
  readonly wholeBytes: number;
  readonly partBytes: number;
}

/** S3: CopyObject copies up to 5 GB; a part has 5 MiB to 5 GiB, and there are at most 10,000. */
const s3Limits: CopyLimits = { wholeBytes: 5_000_000_000, partBytes: 1024 ** 3 };
const maxParts = 10_000;
const parallelParts = 8;

/**
 * Copies an object within S3, with its metadata and tags.
 *
 * @returns false when the object does not exist
 * @throws JobError `RepositoryInvalid` when the target's bucket does not exist, `AccessDenied`
 */
export async function copyObject(
  s3: S3Client,
  from: S3Location,
  to: S3Location,
  limits: CopyLimits = s3Limits,
): Promise<boolean> {
  const source = await head(s3, from);
  if (source === undefined) return false;
  try {
    if ((source.ContentLength ?? 0) <= limits.wholeBytes)
      await s3.send(new CopyObjectCommand({ Bucket: to.bucket, Key: to.key, CopySource: copySource(from) }));
    else await copyParts(s3, from, source, to, limits);
    return true;
  } catch (error) {
    if (isNoSuchBucket(error)) throw noBucket(to.bucket, error);
    if (isNotFound(error)) return false;
    throw refusedOr(error, `copy ${formatS3Uri(from)} to ${formatS3Uri(to)}`);
  }
}

async function head(s3: S3Client, { bucket, key }: S3Location): Promise<HeadObjectCommandOutput | undefined> {
  try {
    return await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw refusedOr(error, `read ${formatS3Uri({ bucket, key })}`);
  }
}

/**
 * A multipart copy does not copy metadata and tags itself, and could mix two versions of an object that is replaced
 * meanwhile.
 */
async function copyParts(
  s3: S3Client,
  from: S3Location,
  source: HeadObjectCommandOutput,
  to: S3Location,
  limits: CopyLimits,
): Promise<void> {
  const target = { Bucket: to.bucket, Key: to.key };
  const { UploadId: id } = await s3.send(
    new CreateMultipartUploadCommand({
      ...target,
      ContentType: source.ContentType,
      ContentEncoding: source.ContentEncoding,
      ContentDisposition: source.ContentDisposition,
      ContentLanguage: source.ContentLanguage,
      CacheControl: source.CacheControl,
      Metadata: source.Metadata,
      Tagging: await tagging(s3, from),
    }),
  );
  try {
    const parts = new Parallel(parallelParts);
    const copied: CompletedPart[] = [];
    for (const [index, range] of ranges(source.ContentLength ?? 0, limits.partBytes).entries()) {
      const part: CompletedPart = { PartNumber: index + 1 };
      copied.push(part);
      await parts.add(async () => {
        const { CopyPartResult: result } = await s3.send(
          new UploadPartCopyCommand({
            ...target,
            UploadId: id,
            PartNumber: index + 1,
            CopySource: copySource(from),
            CopySourceRange: range,
            CopySourceIfMatch: source.ETag,
          }),
        );
        part.ETag = result?.ETag;
      });
    }
    await parts.all();
    await s3.send(new CompleteMultipartUploadCommand({ ...target, UploadId: id, MultipartUpload: { Parts: copied } }));
  } catch (error) {
    await s3.send(new AbortMultipartUploadCommand({ ...target, UploadId: id })).catch(() => undefined);
    throw error;
  }
}

function ranges(size: number, partBytes: number): readonly string[] {
  const step = Math.max(partBytes, Math.ceil(size / maxParts));
  return Array.from(
    { length: Math.ceil(size / step) },
    (_, index) => `bytes=${index * step}-${Math.min(size, (index + 1) * step) - 1}`,
  );
}

async function tagging(s3: S3Client, { bucket, key }: S3Location): Promise<string> {
  const { TagSet: tags = [] } = await s3.send(new GetObjectTaggingCommand({ Bucket: bucket, Key: key }));
  return new URLSearchParams(
    Object.fromEntries(tags.map(({ Key: name = '', Value: value = '' }) => [name, value])),
  ).toString();
}

/** S3 requires the key in URL encoding, except for its slashes. */
function copySource({ bucket, key }: S3Location): string {
  return `${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`;
}
