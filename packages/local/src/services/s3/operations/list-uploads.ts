import { type S3Core, uploadOwnerOf } from '../core.js';
import { commonPrefixOf, encodeListed } from '../listing.js';
import { listMultipartUploadsModel } from '../shapes/listing-shapes.js';
import { type Implementation, implement } from '../shapes/operation.js';
import { compareKeys } from '../storage/key-order.js';
import type { UploadRecord } from '../storage/records.js';
import { checkEncoding, pageSize } from './page-size.js';

/** ListMultipartUploads: sorted by key, and for one key by start time. */
export const listUploads = (core: S3Core): Implementation =>
  implement(listMultipartUploadsModel, (input) => {
    checkEncoding(input.EncodingType);
    core.buckets.get(input.Bucket);
    const limit = pageSize('max-uploads', input.MaxUploads);
    const prefix = input.Prefix ?? '';
    const delimiter = input.Delimiter === '' ? undefined : input.Delimiter;
    const candidates = afterMarkers(core.uploads.inBucket(input.Bucket), input.KeyMarker, input.UploadIdMarker).filter(
      ({ key }) => key.startsWith(prefix) && !isShown(commonPrefixOf(key, prefix, delimiter), input.KeyMarker),
    );
    const uploads: UploadRecord[] = [];
    const commonPrefixes: string[] = [];
    let last: { key: string; uploadId: string } | undefined;
    let isTruncated = false;
    for (const upload of candidates) {
      const common = commonPrefixOf(upload.key, prefix, delimiter);
      if (common !== undefined && commonPrefixes.at(-1) === common) continue;
      if (uploads.length + commonPrefixes.length >= limit) {
        isTruncated = limit > 0;
        break;
      }
      if (common === undefined) uploads.push(upload);
      else commonPrefixes.push(common);
      last = common === undefined ? upload : { key: common, uploadId: '' };
    }
    const encode = (value: string) => encodeListed(value, input.EncodingType);
    const owner = uploadOwnerOf(core);
    return {
      Bucket: input.Bucket,
      Prefix: encode(prefix),
      KeyMarker: encode(input.KeyMarker ?? ''),
      UploadIdMarker: input.UploadIdMarker ?? '',
      NextKeyMarker: isTruncated ? encode(last?.key ?? '') : undefined,
      NextUploadIdMarker: isTruncated ? last?.uploadId : undefined,
      Delimiter: delimiter === undefined ? undefined : encode(delimiter),
      MaxUploads: limit,
      EncodingType: input.EncodingType,
      IsTruncated: isTruncated,
      Uploads: uploads.map((upload) => ({
        UploadId: upload.uploadId,
        Key: encode(upload.key),
        Initiated: new Date(upload.initiated),
        StorageClass: upload.storageClass ?? 'STANDARD',
        Owner: owner,
        Initiator: owner,
        ChecksumAlgorithm: upload.checksumRequested ? upload.checksumAlgorithm : undefined,
        ChecksumType: upload.checksumRequested ? upload.checksumType : undefined,
      })),
      CommonPrefixes: commonPrefixes.map((value) => ({ Prefix: encode(value) })),
    };
  });

/** A page that ended with a common prefix is followed by one that starts after that prefix. */
const isShown = (common: string | undefined, keyMarker: string | undefined): boolean =>
  common !== undefined && common === keyMarker;

/** Without an upload id the key itself is skipped; with one, its later uploads still follow. */
function afterMarkers(
  uploads: readonly UploadRecord[],
  keyMarker: string | undefined,
  uploadIdMarker: string | undefined,
): readonly UploadRecord[] {
  if (keyMarker === undefined || keyMarker === '') return uploads;
  const at = uploads.findIndex(({ key, uploadId }) => key === keyMarker && uploadId === uploadIdMarker);
  return at >= 0 ? uploads.slice(at + 1) : uploads.filter(({ key }) => compareKeys(key, keyMarker) > 0);
}
