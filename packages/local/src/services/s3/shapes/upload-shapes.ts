import { Type } from 'typebox';
import {
  bodyMember,
  checksumElements,
  checksumHeaders,
  checksumRequest,
  contentHeaders,
  copySource,
  objectLabels,
  owner,
  taggingHeader,
  versionHeader,
  writeConditions,
} from './members.js';
import type { OperationModel } from './operation.js';
import { flag, flattened, header, integer, query, text, time } from './traits.js';

const model = <const M extends OperationModel>(m: M): M => m;

const uploadId = { UploadId: Type.String({ query: 'uploadId', minLength: 1 }) };
const partNumber = { PartNumber: Type.Integer({ query: 'partNumber' }) };

export const createMultipartUploadModel = model({
  name: 'CreateMultipartUpload',
  method: 'POST',
  target: 'object',
  query: ['uploads'],
  root: 'InitiateMultipartUploadResult',
  input: Type.Object({
    ...objectLabels,
    ...contentHeaders,
    ...taggingHeader,
    ChecksumAlgorithm: header('x-amz-checksum-algorithm'),
    ChecksumType: header('x-amz-checksum-type'),
  }),
  output: Type.Object({
    Bucket: text(),
    Key: text(),
    UploadId: text(),
    ServerSideEncryption: header('x-amz-server-side-encryption'),
    ChecksumAlgorithm: header('x-amz-checksum-algorithm'),
    ChecksumType: header('x-amz-checksum-type'),
  }),
});

export const uploadPartModel = model({
  name: 'UploadPart',
  method: 'PUT',
  target: 'object',
  query: ['partNumber', 'uploadId'],
  input: Type.Object({ ...objectLabels, ...uploadId, ...partNumber, ...bodyMember, ...checksumRequest }),
  output: Type.Object({
    ETag: header('etag'),
    ...checksumHeaders,
    ServerSideEncryption: header('x-amz-server-side-encryption'),
  }),
});

export const uploadPartCopyModel = model({
  name: 'UploadPartCopy',
  method: 'PUT',
  target: 'object',
  query: ['partNumber', 'uploadId'],
  header: 'x-amz-copy-source',
  input: Type.Object({
    ...objectLabels,
    ...uploadId,
    ...partNumber,
    ...copySource,
    CopySourceRange: header('x-amz-copy-source-range'),
  }),
  output: Type.Object({
    CopySourceVersionId: header('x-amz-copy-source-version-id'),
    ServerSideEncryption: header('x-amz-server-side-encryption'),
    CopyPartResult: Type.Object(
      { ETag: text(), LastModified: time(), ...checksumElements },
      { payload: { root: 'CopyPartResult' } },
    ),
  }),
});

const completedPart = Type.Object({ PartNumber: Type.Integer(), ETag: text(), ...checksumElements });

export const completeMultipartUploadModel = model({
  name: 'CompleteMultipartUpload',
  method: 'POST',
  target: 'object',
  query: ['uploadId'],
  root: 'CompleteMultipartUploadResult',
  input: Type.Object({
    ...objectLabels,
    ...uploadId,
    ...checksumHeaders,
    ChecksumType: header('x-amz-checksum-type'),
    MpuObjectSize: integer({ header: 'x-amz-mp-object-size' }),
    ...writeConditions,
    MultipartUpload: Type.Optional(
      Type.Object(
        { Parts: Type.Optional(flattened('Part', completedPart)) },
        { payload: { root: 'CompleteMultipartUpload' } },
      ),
    ),
  }),
  output: Type.Object({
    Location: text(),
    Bucket: text(),
    Key: text(),
    ETag: text(),
    ...checksumElements,
    ChecksumType: text(),
    ...versionHeader,
    ServerSideEncryption: header('x-amz-server-side-encryption'),
  }),
});

export const abortMultipartUploadModel = model({
  name: 'AbortMultipartUpload',
  method: 'DELETE',
  target: 'object',
  query: ['uploadId'],
  status: 204,
  input: Type.Object({ ...objectLabels, ...uploadId }),
  output: Type.Object({}),
});

export const listPartsModel = model({
  name: 'ListParts',
  method: 'GET',
  target: 'object',
  query: ['uploadId'],
  root: 'ListPartsResult',
  input: Type.Object({
    ...objectLabels,
    ...uploadId,
    MaxParts: integer({ query: 'max-parts' }),
    PartNumberMarker: query('part-number-marker'),
  }),
  output: Type.Object({
    Bucket: text(),
    Key: text(),
    UploadId: text(),
    PartNumberMarker: text(),
    NextPartNumberMarker: text(),
    MaxParts: integer(),
    IsTruncated: flag(),
    Parts: Type.Optional(
      flattened(
        'Part',
        Type.Object({
          PartNumber: integer(),
          LastModified: time(),
          ETag: text(),
          Size: integer(),
          ...checksumElements,
        }),
      ),
    ),
    Initiator: Type.Optional(owner),
    Owner: Type.Optional(owner),
    StorageClass: text(),
    ChecksumAlgorithm: text(),
    ChecksumType: text(),
  }),
});
