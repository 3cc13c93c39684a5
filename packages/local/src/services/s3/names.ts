import { S3Error } from './errors.js';

/**
 * S3's rules for the names of general purpose buckets.
 *
 * @throws S3Error `InvalidBucketName`
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
 */
export function checkBucketName(name: string): void {
  const valid =
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) &&
    !name.includes('..') &&
    !/^\d+\.\d+\.\d+\.\d+$/.test(name) &&
    !/^(xn--|sthree-|amzn-s3-demo-)/.test(name) &&
    !/(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/.test(name);
  if (!valid)
    throw new S3Error('InvalidBucketName', 'The specified bucket is not valid.', { members: { BucketName: name } });
}

/** Keys are any Unicode text of at most 1024 bytes in UTF-8. @throws S3Error `KeyTooLongError`, `InvalidURI` */
export function checkKey(key: string): void {
  const size = Buffer.byteLength(key);
  if (size > 1024)
    throw new S3Error('KeyTooLongError', 'Your key is too long', {
      members: { Size: String(size), MaxSizeAllowed: '1024' },
    });
  if (/\p{Surrogate}/u.test(key)) throw new S3Error('InvalidURI', 'The key is not well-formed Unicode text.');
}
