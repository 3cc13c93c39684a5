import type { Readable } from 'node:stream';
import { Type } from 'typebox';
import {
  bodyMember,
  checksumElements,
  checksumHeaders,
  checksumRequest,
  checksumType,
  contentHeaders,
  copySource,
  objectDescription,
  objectLabels,
  readConditions,
  tag,
  taggingHeader,
  versionHeader,
  writeConditions,
} from './members.js';
import type { OperationModel } from './operation.js';
import { flag, flattened, header, integer, label, listOf, query, text, time } from './traits.js';

const model = <const M extends OperationModel>(m: M): M => m;

export const putObjectModel = model({
  name: 'PutObject',
  method: 'PUT',
  target: 'object',
  input: Type.Object({
    ...objectLabels,
    ...bodyMember,
    ...contentHeaders,
    ...checksumRequest,
    ...taggingHeader,
    ...writeConditions,
  }),
  output: Type.Object({
    ETag: header('etag'),
    ...checksumHeaders,
    ...checksumType,
    ...versionHeader,
    ServerSideEncryption: header('x-amz-server-side-encryption'),
  }),
});

const readInput = {
  ...objectLabels,
  ...readConditions,
  VersionId: query('versionId'),
  PartNumber: integer({ query: 'partNumber' }),
  Range: header('range'),
  ChecksumMode: header('x-amz-checksum-mode'),
  ResponseCacheControl: query('response-cache-control'),
  ResponseContentDisposition: query('response-content-disposition'),
  ResponseContentEncoding: query('response-content-encoding'),
  ResponseContentLanguage: query('response-content-language'),
  ResponseContentType: query('response-content-type'),
  ResponseExpires: query('response-expires'),
};

export const getObjectModel = model({
  name: 'GetObject',
  method: 'GET',
  target: 'object',
  input: Type.Object(readInput),
  output: Type.Object({ ...objectDescription, Body: Type.Unsafe<Readable>({ payload: 'stream' }) }),
});

export const headObjectModel = model({
  name: 'HeadObject',
  method: 'HEAD',
  target: 'object',
  input: Type.Object(readInput),
  output: Type.Object(objectDescription),
});

export const deleteObjectModel = model({
  name: 'DeleteObject',
  method: 'DELETE',
  target: 'object',
  status: 204,
  input: Type.Object({ ...objectLabels, VersionId: query('versionId'), IfMatch: header('if-match') }),
  output: Type.Object({ DeleteMarker: flag({ header: 'x-amz-delete-marker' }), ...versionHeader }),
});

export const deleteObjectsModel = model({
  name: 'DeleteObjects',
  method: 'POST',
  target: 'bucket',
  query: ['delete'],
  root: 'DeleteResult',
  input: Type.Object({
    Bucket: label('bucket'),
    Delete: Type.Object(
      {
        Objects: flattened(
          'Object',
          Type.Object({ Key: Type.String({ minLength: 1 }), VersionId: text(), ETag: text() }),
        ),
        Quiet: flag(),
      },
      { payload: { root: 'Delete' } },
    ),
  }),
  output: Type.Object({
    Deleted: flattened(
      'Deleted',
      Type.Object({ Key: text(), VersionId: text(), DeleteMarker: flag(), DeleteMarkerVersionId: text() }),
    ),
    Errors: flattened('Error', Type.Object({ Key: text(), VersionId: text(), Code: text(), Message: text() })),
  }),
});

const copyResult = { ETag: text(), LastModified: time(), ...checksumElements, ChecksumType: text() };

export const copyObjectModel = model({
  name: 'CopyObject',
  method: 'PUT',
  target: 'object',
  header: 'x-amz-copy-source',
  input: Type.Object({
    ...objectLabels,
    ...copySource,
    ...contentHeaders,
    ...taggingHeader,
    ...writeConditions,
    ChecksumAlgorithm: header('x-amz-checksum-algorithm'),
    MetadataDirective: header('x-amz-metadata-directive'),
    TaggingDirective: header('x-amz-tagging-directive'),
  }),
  output: Type.Object({
    ...versionHeader,
    CopySourceVersionId: header('x-amz-copy-source-version-id'),
    ServerSideEncryption: header('x-amz-server-side-encryption'),
    CopyObjectResult: Type.Object(copyResult, { payload: { root: 'CopyObjectResult' } }),
  }),
});

const tagSet = { TagSet: listOf('Tag', tag) };

export const getObjectTaggingModel = model({
  name: 'GetObjectTagging',
  method: 'GET',
  target: 'object',
  query: ['tagging'],
  root: 'Tagging',
  input: Type.Object({ ...objectLabels, VersionId: query('versionId') }),
  output: Type.Object({ ...versionHeader, ...tagSet }),
});

export const putObjectTaggingModel = model({
  name: 'PutObjectTagging',
  method: 'PUT',
  target: 'object',
  query: ['tagging'],
  input: Type.Object({
    ...objectLabels,
    VersionId: query('versionId'),
    Tagging: Type.Object(tagSet, { payload: { root: 'Tagging' } }),
  }),
  output: Type.Object(versionHeader),
});

export const deleteObjectTaggingModel = model({
  name: 'DeleteObjectTagging',
  method: 'DELETE',
  target: 'object',
  query: ['tagging'],
  status: 204,
  input: Type.Object({ ...objectLabels, VersionId: query('versionId') }),
  output: Type.Object(versionHeader),
});

export const getObjectAttributesModel = model({
  name: 'GetObjectAttributes',
  method: 'GET',
  target: 'object',
  query: ['attributes'],
  root: 'GetObjectAttributesResponse',
  input: Type.Object({
    ...objectLabels,
    VersionId: query('versionId'),
    MaxParts: integer({ header: 'x-amz-max-parts' }),
    PartNumberMarker: text({ header: 'x-amz-part-number-marker' }),
    ObjectAttributes: Type.Array(Type.String(), { header: 'x-amz-object-attributes' }),
  }),
  output: Type.Object({
    ...versionHeader,
    LastModified: time({ header: 'last-modified' }),
    ETag: text(),
    Checksum: Type.Optional(Type.Object({ ...checksumElements, ChecksumType: text() })),
    ObjectParts: Type.Optional(
      Type.Object({
        TotalPartsCount: integer({ element: 'PartsCount' }),
        PartNumberMarker: text(),
        NextPartNumberMarker: text(),
        MaxParts: integer(),
        IsTruncated: flag(),
        Parts: Type.Optional(
          flattened('Part', Type.Object({ PartNumber: integer(), Size: integer(), ...checksumElements })),
        ),
      }),
    ),
    StorageClass: text(),
    ObjectSize: integer(),
  }),
});
