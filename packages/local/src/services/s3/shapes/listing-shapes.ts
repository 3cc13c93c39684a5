import { Type } from 'typebox';
import { bucketLabel, owner } from './members.js';
import type { OperationModel } from './operation.js';
import { flag, flattened, integer, query, text, time } from './traits.js';

const model = <const M extends OperationModel>(m: M): M => m;

const commonPrefixes = Type.Optional(flattened('CommonPrefixes', Type.Object({ Prefix: text() })));

const window = {
  Prefix: query('prefix'),
  Delimiter: query('delimiter'),
  EncodingType: query('encoding-type'),
};

const listed = {
  Key: text(),
  LastModified: time(),
  ETag: text(),
  ChecksumAlgorithm: Type.Optional(flattened('ChecksumAlgorithm', Type.String())),
  ChecksumType: text(),
  Size: integer(),
  StorageClass: text(),
  Owner: Type.Optional(owner),
};

export const listObjectsV2Model = model({
  name: 'ListObjectsV2',
  method: 'GET',
  target: 'bucket',
  query: ['list-type=2'],
  root: 'ListBucketResult',
  input: Type.Object({
    ...bucketLabel,
    ...window,
    MaxKeys: integer({ query: 'max-keys' }),
    ContinuationToken: query('continuation-token'),
    StartAfter: query('start-after'),
    FetchOwner: flag({ query: 'fetch-owner' }),
  }),
  output: Type.Object({
    Name: text(),
    Prefix: text(),
    Delimiter: text(),
    StartAfter: text(),
    MaxKeys: integer(),
    KeyCount: integer(),
    EncodingType: text(),
    IsTruncated: flag(),
    ContinuationToken: text(),
    NextContinuationToken: text(),
    Contents: Type.Optional(flattened('Contents', Type.Object(listed))),
    CommonPrefixes: commonPrefixes,
  }),
});

export const listObjectsModel = model({
  name: 'ListObjects',
  method: 'GET',
  target: 'bucket',
  root: 'ListBucketResult',
  input: Type.Object({
    ...bucketLabel,
    ...window,
    MaxKeys: integer({ query: 'max-keys' }),
    Marker: query('marker'),
  }),
  output: Type.Object({
    Name: text(),
    Prefix: text(),
    Marker: text(),
    NextMarker: text(),
    Delimiter: text(),
    MaxKeys: integer(),
    EncodingType: text(),
    IsTruncated: flag(),
    Contents: Type.Optional(flattened('Contents', Type.Object(listed))),
    CommonPrefixes: commonPrefixes,
  }),
});

export const listObjectVersionsModel = model({
  name: 'ListObjectVersions',
  method: 'GET',
  target: 'bucket',
  query: ['versions'],
  root: 'ListVersionsResult',
  input: Type.Object({
    ...bucketLabel,
    ...window,
    MaxKeys: integer({ query: 'max-keys' }),
    KeyMarker: query('key-marker'),
    VersionIdMarker: query('version-id-marker'),
  }),
  output: Type.Object({
    Name: text(),
    Prefix: text(),
    KeyMarker: text(),
    VersionIdMarker: text(),
    NextKeyMarker: text(),
    NextVersionIdMarker: text(),
    Delimiter: text(),
    MaxKeys: integer(),
    EncodingType: text(),
    IsTruncated: flag(),
    Versions: Type.Optional(flattened('Version', Type.Object({ ...listed, VersionId: text(), IsLatest: flag() }))),
    DeleteMarkers: Type.Optional(
      flattened(
        'DeleteMarker',
        Type.Object({
          Key: text(),
          VersionId: text(),
          IsLatest: flag(),
          LastModified: time(),
          Owner: Type.Optional(owner),
        }),
      ),
    ),
    CommonPrefixes: commonPrefixes,
  }),
});

export const listMultipartUploadsModel = model({
  name: 'ListMultipartUploads',
  method: 'GET',
  target: 'bucket',
  query: ['uploads'],
  root: 'ListMultipartUploadsResult',
  input: Type.Object({
    ...bucketLabel,
    ...window,
    MaxUploads: integer({ query: 'max-uploads' }),
    KeyMarker: query('key-marker'),
    UploadIdMarker: query('upload-id-marker'),
  }),
  output: Type.Object({
    Bucket: text(),
    Prefix: text(),
    KeyMarker: text(),
    UploadIdMarker: text(),
    NextKeyMarker: text(),
    NextUploadIdMarker: text(),
    Delimiter: text(),
    MaxUploads: integer(),
    EncodingType: text(),
    IsTruncated: flag(),
    Uploads: Type.Optional(
      flattened(
        'Upload',
        Type.Object({
          UploadId: text(),
          Key: text(),
          Initiated: time(),
          StorageClass: text(),
          Owner: Type.Optional(owner),
          Initiator: Type.Optional(owner),
          ChecksumAlgorithm: text(),
          ChecksumType: text(),
        }),
      ),
    ),
    CommonPrefixes: commonPrefixes,
  }),
});
