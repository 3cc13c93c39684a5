import { ownerOf, type S3Core } from '../core.js';
import { invalidArgument } from '../errors.js';
import { encodeListed, listPage } from '../listing.js';
import { listObjectVersionsModel } from '../shapes/listing-shapes.js';
import { type Implementation, implement } from '../shapes/operation.js';
import type { VersionRecord } from '../storage/records.js';
import { listed } from './list-objects.js';
import { checkEncoding, pageSize } from './page-size.js';

/** ListObjectVersions: keys in order, with the versions and delete markers of each key from the newest on. */
export const listObjectVersions = (core: S3Core): Implementation =>
  implement(listObjectVersionsModel, (input) => {
    checkEncoding(input.EncodingType);
    const keyMarker = input.KeyMarker === '' ? undefined : input.KeyMarker;
    const versionMarker = input.VersionIdMarker === '' ? undefined : input.VersionIdMarker;
    if (versionMarker !== undefined && keyMarker === undefined)
      throw invalidArgument(
        'version-id-marker',
        versionMarker,
        'A version-id marker cannot be specified without a key marker.',
      );
    const maxKeys = pageSize('max-keys', input.MaxKeys);
    const index = core.objects.index(input.Bucket);
    const page = listPage<VersionRecord>(index.keys, {
      prefix: input.Prefix ?? '',
      delimiter: input.Delimiter,
      after: keyMarker,
      inclusive: versionMarker !== undefined,
      limit: maxKeys,
      expand: (key) => {
        const versions = index.versions(key);
        return key === keyMarker && versionMarker !== undefined ? olderThan(versions, versionMarker) : versions;
      },
    });
    const encode = (value: string) => encodeListed(value, input.EncodingType);
    const lastItem = page.items.at(-1);
    const shown = page.items.map((record) => ({
      record,
      members: { VersionId: record.versionId, IsLatest: index.current(record.key) === record, Owner: ownerOf(core) },
    }));
    return {
      Name: input.Bucket,
      Prefix: encode(input.Prefix ?? ''),
      KeyMarker: encode(input.KeyMarker ?? ''),
      VersionIdMarker: input.VersionIdMarker ?? '',
      NextKeyMarker: page.isTruncated ? encode(page.last ?? '') : undefined,
      NextVersionIdMarker: page.isTruncated && lastItem?.key === page.last ? lastItem?.versionId : undefined,
      Delimiter: input.Delimiter === undefined ? undefined : encode(input.Delimiter),
      MaxKeys: maxKeys,
      EncodingType: input.EncodingType,
      IsTruncated: page.isTruncated,
      Versions: shown.flatMap(({ record, members }) =>
        record.kind === 'object' ? [{ ...listed(record, input.EncodingType), ...members }] : [],
      ),
      DeleteMarkers: shown.flatMap(({ record, members }) =>
        record.kind === 'delete-marker'
          ? [{ Key: encode(record.key), LastModified: new Date(record.modified), ...members }]
          : [],
      ),
      CommonPrefixes: page.commonPrefixes.map((prefix) => ({ Prefix: encode(prefix) })),
    };
  });

/** The versions after a given one in its key's list; all of them when that version is gone. */
function olderThan(versions: readonly VersionRecord[], versionId: string): readonly VersionRecord[] {
  const at = versions.findIndex((version) => version.versionId === versionId);
  return versions.slice(at + 1);
}
