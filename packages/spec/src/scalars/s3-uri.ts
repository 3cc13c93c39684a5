declare const s3Uri: unique symbol;

/** A text that is known to be `s3://bucket` or `s3://bucket/key…`. */
export type S3Uri = string & { readonly [s3Uri]: true };

export interface S3Location {
  readonly bucket: string;
  /** Without a leading slash; empty for the bucket itself. */
  readonly key: string;
}

const pattern = /^s3:\/\/([^/]+)(?:\/([\s\S]*))?$/;

/** Returns true if a text is an S3 URI. The bucket may still contain `${…}`. */
export function isS3Uri(text: string): text is S3Uri {
  return pattern.test(text);
}

/**
 * Splits an S3 URI.
 *
 * @returns undefined when the text is not an S3 URI
 * @example
 * ```ts
 * parseS3Uri('s3://bucket/some/key'); // { bucket: 'bucket', key: 'some/key' }
 * ```
 */
export function parseS3Uri(text: string): S3Location | undefined {
  const match = pattern.exec(text);
  if (match === null) return undefined;
  const [, bucket = '', key = ''] = match;
  return { bucket, key };
}

/** Formats an S3 URI. */
export function formatS3Uri({ bucket, key }: S3Location): S3Uri {
  const text = key === '' ? `s3://${bucket}` : `s3://${bucket}/${key}`;
  if (!isS3Uri(text)) throw new RangeError(`"${bucket}" is not a bucket name.`);
  return text;
}

/** The rule of {@link isBucketName} in words. */
export const bucketNameRule =
  'Bucket names have 3 to 63 lower-case letters, digits, hyphens and dots, and begin and end with a letter or a digit.';

/** Amazon S3's "Bucket naming rules" for general purpose buckets, as far as a pattern can check them. */
export function isBucketName(name: string): boolean {
  return /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) && !name.includes('..') && !/^\d+\.\d+\.\d+\.\d+$/.test(name);
}

/** An object in a folder, whose key has no trailing slash; of the whole bucket it is empty. */
export function objectIn({ bucket, key }: S3Location, name: string): S3Location {
  return { bucket, key: key === '' ? name : `${key}/${name}` };
}
