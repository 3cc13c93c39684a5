import type { IncomingHttpHeaders } from 'node:http';
import { notImplemented, S3Error } from '../errors.js';

/** Headers for features that the engine does not support: requests with one are rejected, not partly served. */
const unsupported: readonly (readonly [header: string, what: string])[] = [
  ['x-amz-server-side-encryption-customer-algorithm', 'encryption with keys of the customer (SSE-C)'],
  ['x-amz-copy-source-server-side-encryption-customer-algorithm', 'encryption with keys of the customer (SSE-C)'],
  ['x-amz-bucket-object-lock-enabled', 'object lock'],
  ['x-amz-object-lock-mode', 'object lock'],
  ['x-amz-object-lock-legal-hold', 'object lock'],
  ['x-amz-write-offset-bytes', 'appending to objects'],
  ['x-amz-rename-source', 'renaming objects'],
];

/** ACLs without effect where objects belong to the bucket's owner, as in every new bucket. */
const harmlessAcls = new Set(['bucket-owner-full-control', 'private']);

/** @throws S3Error `NotImplemented`, `AccessControlListNotSupported` */
export function refuseUnsupported(headers: IncomingHttpHeaders): void {
  const found = unsupported.find(([header]) => headers[header] !== undefined && headers[header] !== 'false');
  if (found !== undefined) throw notImplemented(found[1]);
  if (headers['content-type']?.startsWith('multipart/form-data') === true)
    throw notImplemented('uploads by HTML forms (presigned POST); use a presigned PUT');
  const acl = headers['x-amz-acl'];
  if (typeof acl === 'string' && !harmlessAcls.has(acl))
    throw new S3Error('AccessControlListNotSupported', 'The bucket does not allow ACLs');
}
