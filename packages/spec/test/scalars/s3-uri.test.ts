import { formatS3Uri, isBucketName, isS3Uri, parseS3Uri } from '@bclaw/spec';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

describe('parseS3Uri', () => {
  it.each([
    ['s3://b', { bucket: 'b', key: '' }],
    ['s3://b/', { bucket: 'b', key: '' }],
    ['s3://b/k/l.txt', { bucket: 'b', key: 'k/l.txt' }],
    ['s3://b/a\nb', { bucket: 'b', key: 'a\nb' }],
    ['s3://${job.bucket}/k', { bucket: '${job.bucket}', key: 'k' }],
  ])('takes %j apart', (text, expected) => {
    expect(parseS3Uri(text)).toEqual(expected);
    expect(isS3Uri(text)).toBe(true);
  });

  it.each(['', 's3://', 's3:///k', 'http://b/k', 'b/k', 'S3://b/k'])('does not take %j for one', (text) => {
    expect(parseS3Uri(text)).toBeUndefined();
  });

  it('undoes formatS3Uri', () => {
    const bucket = fc.stringMatching(/^[a-z0-9]{3,20}$/);
    const key = fc.string({ minLength: 1 });
    fc.assert(
      fc.property(bucket, key, (b, k) => {
        expect(parseS3Uri(formatS3Uri({ bucket: b, key: k }))).toEqual({ bucket: b, key: k });
      }),
    );
  });
});

describe('formatS3Uri', () => {
  it('refuses a bucket that is none', () => {
    expect(() => formatS3Uri({ bucket: '', key: 'k' })).toThrow(RangeError);
  });
});

describe('isBucketName', () => {
  it.each(['abc', 'my-bucket.logs', 'a1b'])('accepts %s', (name) => expect(isBucketName(name)).toBe(true));
  it.each(['ab', 'My-bucket', 'a_b', '-abc', 'abc-', 'a..b', '10.0.0.1', 'x'.repeat(64)])('refuses %s', (name) =>
    expect(isBucketName(name)).toBe(false),
  );
});
