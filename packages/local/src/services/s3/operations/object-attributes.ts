import type { S3Core } from '../core.js';
import { invalidArgument } from '../errors.js';
import { getObjectAttributesModel } from '../shapes/object-shapes.js';
import { type Implementation, implement } from '../shapes/operation.js';
import type { ObjectVersion } from '../storage/records.js';
import { checksumMember, findVersion, shownVersionId } from './describe.js';

const known = ['ETag', 'Checksum', 'ObjectParts', 'StorageClass', 'ObjectSize'];

/** GetObjectAttributes: the selected attributes of HeadObject, and the parts. */
export const getObjectAttributes = (core: S3Core): Implementation =>
  implement(getObjectAttributesModel, (input) => {
    const unknown = input.ObjectAttributes.find((name) => !known.includes(name));
    if (unknown !== undefined || input.ObjectAttributes.length === 0)
      throw invalidArgument('x-amz-object-attributes', unknown ?? '', 'Invalid attribute name specified.');
    const version = findVersion(core, input);
    const asked = new Set(input.ObjectAttributes);
    return {
      VersionId: shownVersionId(core.buckets.get(input.Bucket), version.versionId),
      LastModified: new Date(version.modified),
      ETag: asked.has('ETag') ? version.etag : undefined,
      Checksum:
        asked.has('Checksum') && version.checksum !== undefined
          ? { ...checksumMember(version.checksum), ChecksumType: version.checksum.type }
          : undefined,
      ObjectParts:
        asked.has('ObjectParts') && version.parts !== undefined
          ? partsPage(version, Number(input.PartNumberMarker ?? 0), Math.min(input.MaxParts ?? 1000, 1000))
          : undefined,
      StorageClass: asked.has('StorageClass') ? (version.storageClass ?? 'STANDARD') : undefined,
      ObjectSize: asked.has('ObjectSize') ? version.size : undefined,
    };
  });

function partsPage(version: ObjectVersion, after: number, limit: number) {
  const parts = version.parts ?? [];
  const rest = parts.filter(({ number }) => number > after);
  const page = rest.slice(0, limit);
  return {
    TotalPartsCount: parts.length,
    PartNumberMarker: String(after),
    NextPartNumberMarker: String(page.at(-1)?.number ?? after),
    MaxParts: limit,
    IsTruncated: rest.length > page.length,
    Parts: page.map(({ number, size, checksum }) => ({
      PartNumber: number,
      Size: size,
      ...(checksum === undefined || version.checksum === undefined
        ? {}
        : checksumMember({ algorithm: version.checksum.algorithm, value: checksum })),
    })),
  };
}
