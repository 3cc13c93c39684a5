import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { systemTag } from '@bclaw/spec/contract';
import { formatS3Uri, objectIn, type RepositoryLocation, type S3Location, type S3Uri } from '@bclaw/spec/run-time';
import { isNotFound, noBucket, refusedOr } from './failures.js';

/** Tag of bclaw's own files, in S3's format for a new object. */
export const systemTagging = `${systemTag.key}=${systemTag.value}`;

/** A file of a repository. */
export function repositoryFile({ bucket, prefix }: RepositoryLocation, name: string): S3Location {
  return objectIn({ bucket, key: prefix }, name);
}

/** A folder of a repository as a repository of its own. */
export function subRepository(repository: RepositoryLocation, folder: string): RepositoryLocation {
  const { bucket, key } = repositoryFile(repository, folder);
  return { bucket, prefix: key, uri: formatS3Uri({ bucket, key }) };
}

/**
 * Writes one of bclaw's own JSON files into a repository, with a tag.
 *
 * @returns its URI
 * @throws JobError `RepositoryInvalid` when the bucket does not exist, `AccessDenied`
 */
export async function writeSystemFile(
  s3: S3Client,
  repository: RepositoryLocation,
  name: string,
  body: string | Uint8Array,
): Promise<S3Uri> {
  const location = repositoryFile(repository, name);
  try {
    await s3.send(
      new PutObjectCommand({
        Bucket: location.bucket,
        Key: location.key,
        Body: body,
        ContentType: 'application/json',
        Tagging: systemTagging,
      }),
    );
    return formatS3Uri(location);
  } catch (error) {
    if (isNotFound(error)) throw noBucket(location.bucket, error);
    throw refusedOr(error, `write ${formatS3Uri(location)}`);
  }
}
