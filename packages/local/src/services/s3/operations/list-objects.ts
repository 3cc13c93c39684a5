import { ownerOf, type S3Core } from '../core.js';
import { invalidArgument } from '../errors.js';
import { encodeListed, listPage } from '../listing.js';
import { listObjectsModel, listObjectsV2Model } from '../shapes/listing-shapes.js';
import { type Implementation, implement } from '../shapes/operation.js';
import type { ObjectVersion } from '../storage/records.js';
import { quoted } from './describe.js';
import { checkEncoding, pageSize } from './page-size.js';

/** ListObjectsV2 and its predecessor. */
export const listingOperations = (core: S3Core): Implementation[] => [
  implement(listObjectsV2Model, (input) => {
    const maxKeys = pageSize('max-keys', input.MaxKeys);
    const after = input.ContinuationToken === undefined ? input.StartAfter : decodeToken(input.ContinuationToken);
    const page = listCurrent(core, input, after, maxKeys);
    const encode = (value: string) => encodeListed(value, input.EncodingType);
    const owner = input.FetchOwner === true ? ownerOf(core) : undefined;
    return {
      Name: input.Bucket,
      Prefix: encode(input.Prefix ?? ''),
      Delimiter: input.Delimiter === undefined ? undefined : encode(input.Delimiter),
      StartAfter: input.StartAfter === undefined ? undefined : encode(input.StartAfter),
      MaxKeys: maxKeys,
      KeyCount: page.items.length + page.commonPrefixes.length,
      EncodingType: input.EncodingType,
      IsTruncated: page.isTruncated,
      ContinuationToken: input.ContinuationToken,
      NextContinuationToken: page.isTruncated ? encodeToken(page.last ?? '') : undefined,
      Contents: page.items.map((version) => ({ ...listed(version, input.EncodingType), Owner: owner })),
      CommonPrefixes: page.commonPrefixes.map((prefix) => ({ Prefix: encode(prefix) })),
    };
  }),

  implement(listObjectsModel, (input) => {
    const maxKeys = pageSize('max-keys', input.MaxKeys);
    const page = listCurrent(core, input, input.Marker, maxKeys);
    const encode = (value: string) => encodeListed(value, input.EncodingType);
    const delimiter = input.Delimiter === '' ? undefined : input.Delimiter;
    return {
      Name: input.Bucket,
      Prefix: encode(input.Prefix ?? ''),
      Marker: encode(input.Marker ?? ''),
      // Without a delimiter the client continues from the last key, and S3 sends no marker.
      NextMarker: page.isTruncated && delimiter !== undefined ? encode(page.last ?? '') : undefined,
      Delimiter: delimiter === undefined ? undefined : encode(delimiter),
      MaxKeys: maxKeys,
      EncodingType: input.EncodingType,
      IsTruncated: page.isTruncated,
      Contents: page.items.map((version) => ({ ...listed(version, input.EncodingType), Owner: ownerOf(core) })),
      CommonPrefixes: page.commonPrefixes.map((prefix) => ({ Prefix: encode(prefix) })),
    };
  }),
];

function listCurrent(
  core: S3Core,
  input: {
    readonly Bucket: string;
    readonly Prefix?: string;
    readonly Delimiter?: string;
    readonly EncodingType?: string;
  },
  after: string | undefined,
  limit: number,
) {
  checkEncoding(input.EncodingType);
  const index = core.objects.index(input.Bucket);
  return listPage<ObjectVersion>(index.keys, {
    prefix: input.Prefix ?? '',
    delimiter: input.Delimiter,
    after: after === '' ? undefined : after,
    limit,
    expand: (key) => {
      const current = index.current(key);
      return current?.kind === 'object' ? [current] : [];
    },
  });
}

/** An object in the shape of all listings. */
export const listed = (version: ObjectVersion, encoding: string | undefined) => ({
  Key: encodeListed(version.key, encoding),
  LastModified: new Date(version.modified),
  ETag: quoted(version.etag),
  ChecksumAlgorithm: version.checksum === undefined ? undefined : [version.checksum.algorithm],
  ChecksumType: version.checksum?.type,
  Size: version.size,
  StorageClass: version.storageClass ?? 'STANDARD',
});

/** Tokens are opaque to clients: the end of the previous page. */
const encodeToken = (last: string): string => `1${Buffer.from(last).toString('base64url')}`;

function decodeToken(token: string): string {
  if (!/^1[A-Za-z0-9_-]*$/.test(token))
    throw invalidArgument('continuation-token', token, 'The continuation token provided is incorrect');
  return Buffer.from(token.slice(1), 'base64url').toString();
}
