import type { IncomingHttpHeaders } from 'node:http';

/** The parts of a request that identify its service. */
export interface Addressed {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
}

/** The type of a request's signature, and the service that it names. */
export type Signature =
  /** In the `Authorization` header, which a web page cannot send to the engine without a CORS preflight. */
  | { readonly kind: 'header'; readonly service: string; readonly region?: string }
  /** In the query string: presigned URLs of S3 objects. */
  | { readonly kind: 'presigned'; readonly service: 's3' };

/** `AWS4-HMAC-SHA256 Credential=AKID/20260101/us-east-1/states/aws4_request, SignedHeaders=host, Signature=…` */
const version4 = /^AWS4-(?:HMAC|ECDSA-P256)-SHA256\s+(?:.*[,\s])?Credential=([^,\s]+)/;
/** Version 2, which S3 still accepts: `AWS AKID:…`. */
const version2 = /^AWS [^\s:]+:\S+$/;

/**
 * Returns the type of a request's signature. The signature is not verified: the engine has no keys. Its presence
 * distinguishes AWS's clients from web pages, and it names the service.
 */
export function signatureOf({ headers, query }: Addressed): Signature | undefined {
  const authorization = headers.authorization ?? '';
  const credential = version4.exec(authorization)?.[1];
  const service = serviceOfScope(credential);
  if (service !== undefined) {
    const region = credential?.split('/').at(-3) ?? '';
    // The scope of SigV4A has no region: a date is in its place.
    return { kind: 'header', service, ...(/^\d*$/.test(region) ? {} : { region }) };
  }
  if (version2.test(authorization)) return { kind: 'header', service: 's3' };
  if (authorization !== '') return undefined;
  const presigned4 =
    query.has('X-Amz-Signature') && serviceOfScope(query.get('X-Amz-Credential') ?? undefined) === 's3';
  const presigned2 = query.has('AWSAccessKeyId') && query.has('Signature') && query.has('Expires');
  return presigned4 || presigned2 ? { kind: 'presigned', service: 's3' } : undefined;
}

/**
 * `AKID/20260101/us-east-1/states/aws4_request`; SigV4A's scope has no region, so the service is counted from the end.
 */
function serviceOfScope(credential: string | undefined): string | undefined {
  const parts = credential?.split('/') ?? [];
  return parts.length >= 4 && parts.at(-1) === 'aws4_request' ? parts.at(-2) : undefined;
}

/** Returns true if an unsigned request looks like a call of the Query protocol. */
export function looksLikeQuery({ path, query, headers }: Addressed): boolean {
  if (query.has('Action')) return true;
  const form = headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true;
  return form && (path === '/' || /^\/\d{12}\//.test(path));
}
