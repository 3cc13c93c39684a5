import { S3Error } from '../errors.js';

/** The resource that a request addresses. */
export interface Address {
  readonly bucket: string | undefined;
  readonly key: string | undefined;
  readonly query: URLSearchParams;
}

/**
 * Parses bucket and key from the host and the path of a request, in both of S3's styles: `/bucket/key` (path) and
 * `bucket.localhost`, `bucket.s3.localhost`, `bucket.s3.us-east-1.amazonaws.com` (virtual host). The path is not
 * normalised: `..` and empty segments are parts of the key.
 *
 * @param host the Host header
 * @param target the request target: path and query string
 * @throws S3Error `InvalidURI` when the percent-encoding is invalid
 */
export function parseAddress(host: string | undefined, target: string): Address {
  const mark = target.indexOf('?');
  const path = mark < 0 ? target : target.slice(0, mark);
  const query = new URLSearchParams(mark < 0 ? '' : target.slice(mark + 1));
  const rest = path.startsWith('/') ? path.slice(1) : path;
  const hosted = bucketOfHost(host);
  if (hosted !== undefined) return { bucket: hosted, key: decode(rest) || undefined, query };
  const slash = rest.indexOf('/');
  const bucket = decode(slash < 0 ? rest : rest.slice(0, slash));
  return {
    bucket: bucket || undefined,
    key: slash < 0 ? undefined : decode(rest.slice(slash + 1)) || undefined,
    query,
  };
}

/** The bucket name in front of the endpoint's own host name. */
export function bucketOfHost(host: string | undefined): string | undefined {
  const name = host?.replace(/:\d+$/, '').toLowerCase() ?? '';
  const regional = /^(.+?)\.s3(?:[.-][a-z0-9.-]+?)?\.(?:localhost|amazonaws\.com(?:\.cn)?)$/.exec(name);
  if (regional !== null) return regional[1];
  const plain = /^(.+)\.localhost$/.exec(name)?.[1];
  return plain === undefined || plain === 's3' || /^s3[.-]/.test(plain) ? undefined : plain;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new S3Error('InvalidURI', "Couldn't parse the specified URI.", { members: { URI: text } });
  }
}
