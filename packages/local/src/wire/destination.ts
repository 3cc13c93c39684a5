import type { IncomingHttpHeaders } from 'node:http';

/** The parts of a request that tell which service it is for. */
export interface Addressed {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
}

/** How a request is signed, and for which service. */
export type Signature =
  /** In the `Authorization` header, which no web page can send to the engine without asking it first. */
  | { readonly kind: 'header'; readonly service: string }
  /** In the query string: S3's presigned URLs of objects. */
  | { readonly kind: 'presigned'; readonly service: 's3' };

/** `AWS4-HMAC-SHA256 Credential=AKID/20260101/us-east-1/states/aws4_request, SignedHeaders=host, Signature=…` */
const version4 = /^AWS4-(?:HMAC|ECDSA-P256)-SHA256\s+(?:.*[,\s])?Credential=([^,\s]+)/;
/** Version 2, which S3 still takes: `AWS AKID:…`. */
const version2 = /^AWS [^\s:]+:\S+$/;

/**
 * How a request is signed. Whose signature it is cannot be checked: the engine has no keys. That there is one tells AWS's
 * clients from web pages, and says which service they mean.
 */
export function signatureOf({ headers, query }: Addressed): Signature | undefined {
  const authorization = headers.authorization ?? '';
  const service = serviceOfScope(version4.exec(authorization)?.[1]);
  if (service !== undefined) return { kind: 'header', service };
  if (version2.test(authorization)) return { kind: 'header', service: 's3' };
  if (authorization !== '') return undefined;
  const presigned4 =
    query.has('X-Amz-Signature') && serviceOfScope(query.get('X-Amz-Credential') ?? undefined) === 's3';
  const presigned2 = query.has('AWSAccessKeyId') && query.has('Signature') && query.has('Expires');
  return presigned4 || presigned2 ? { kind: 'presigned', service: 's3' } : undefined;
}

/** `AKID/20260101/us-east-1/states/aws4_request`; the scope of SigV4A has no region, so the service is counted from the end. */
function serviceOfScope(credential: string | undefined): string | undefined {
  const parts = credential?.split('/') ?? [];
  return parts.length >= 4 && parts.at(-1) === 'aws4_request' ? parts.at(-2) : undefined;
}

/** Whether an unsigned request looks like a call of the Query protocol. */
export function looksLikeQuery({ path, query, headers }: Addressed): boolean {
  if (query.has('Action')) return true;
  const form = headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true;
  return form && (path === '/' || /^\/\d{12}\//.test(path));
}
