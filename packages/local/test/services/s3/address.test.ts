import { describe, expect, it } from 'vitest';
import { bucketOfHost, parseAddress } from '../../../src/services/s3/http/address.js';

describe('the address of a request', () => {
  it.each([
    ['127.0.0.1:4566', undefined],
    ['localhost', undefined],
    ['s3.localhost:4566', undefined],
    ['s3.us-east-1.amazonaws.com', undefined],
    ['host.docker.internal:4566', undefined],
    [undefined, undefined],
    ['my-bucket.localhost:4566', 'my-bucket'],
    ['my-bucket.s3.localhost', 'my-bucket'],
    ['my.dotted.bucket.s3.localhost', 'my.dotted.bucket'],
    ['b00.s3.eu-west-1.amazonaws.com', 'b00'],
    ['b00.s3-us-west-2.amazonaws.com', 'b00'],
  ])('has in the host %s the bucket %s', (host, bucket) => {
    expect(bucketOfHost(host)).toBe(bucket);
  });

  it.each([
    ['/', undefined, undefined],
    ['/b', 'b', undefined],
    ['/b/', 'b', undefined],
    ['/b/k', 'b', 'k'],
    ['/b//k', 'b', '/k'],
    ['/b/../../etc', 'b', '../../etc'],
    ['/b/a%2Fb%20%C3%BC+?x=1', 'b', 'a/b ü+'],
  ])('%s is bucket %s, key %s', (target, bucket, key) => {
    expect(parseAddress('127.0.0.1', target)).toMatchObject({ bucket, key });
  });

  it('that cannot be decoded is an error', () => {
    expect(() => parseAddress('127.0.0.1', '/b/%zz')).toThrow("Couldn't parse");
  });
});
