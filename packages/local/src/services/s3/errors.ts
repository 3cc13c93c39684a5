import { AwsError } from '../../wire/aws-error.js';

/**
 * An S3 error: the code, the message and the status of {@link AwsError}, with the headers that S3 adds to some errors
 * (`x-amz-delete-marker` on a 404, `Allow` on a 405).
 */
export class S3Error extends AwsError {
  /** Response headers of the error, in lower case. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: string,
    message: string,
    options: {
      readonly status?: number;
      readonly members?: Readonly<Record<string, unknown>>;
      readonly headers?: Readonly<Record<string, string>>;
    } = {},
  ) {
    super(code, message, options);
    this.headers = options.headers ?? {};
  }
}

export const noSuchBucket = (bucket: string): S3Error =>
  new S3Error('NoSuchBucket', 'The specified bucket does not exist', { status: 404, members: { BucketName: bucket } });

export const noSuchKey = (key: string, headers: Readonly<Record<string, string>> = {}): S3Error =>
  new S3Error('NoSuchKey', 'The specified key does not exist.', { status: 404, members: { Key: key }, headers });

export const noSuchVersion = (key: string, versionId: string): S3Error =>
  new S3Error('NoSuchVersion', 'The specified version does not exist.', {
    status: 404,
    members: { Key: key, VersionId: versionId },
  });

export const noSuchUpload = (uploadId: string): S3Error =>
  new S3Error(
    'NoSuchUpload',
    'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
    { status: 404, members: { UploadId: uploadId } },
  );

/** A method that the resource does not have: a delete marker, read by its version id, allows only DELETE. */
export const methodNotAllowed = (
  method: string,
  resourceType: 'BUCKET' | 'DeleteMarker' | 'OBJECT' | 'SERVICE',
  headers: Readonly<Record<string, string>> = {},
): S3Error =>
  new S3Error('MethodNotAllowed', 'The specified method is not allowed against this resource.', {
    status: 405,
    members: { Method: method, ResourceType: resourceType },
    headers,
  });

/** The id of a version that never was. */
export const invalidVersionId = (versionId: string): S3Error =>
  invalidArgument('versionId', versionId, 'Invalid version id specified');

/** The content of an object in an archive can't be read: the engine restores nothing. */
export const invalidObjectState = (storageClass: string, message: string): S3Error =>
  new S3Error('InvalidObjectState', message, { status: 403, members: { StorageClass: storageClass } });

export const invalidStorageClass = (storageClass: string): S3Error =>
  new S3Error('InvalidStorageClass', 'The storage class you specified is not valid', {
    members: { StorageClassRequested: storageClass },
  });

/** The object was written or deleted after the upload that is to replace it began. */
export const conditionalRequestConflict = (key: string, condition: string): S3Error =>
  new S3Error(
    'ConditionalRequestConflict',
    'The conditional request cannot succeed due to a conflicting operation against this resource.',
    { status: 409, members: { Condition: condition, Key: key } },
  );

/** A condition on a write that S3 does not have. */
export const conditionNotImplemented = (header: string, why: string): S3Error =>
  new S3Error('NotImplemented', 'A header you provided implies functionality that is not implemented', {
    status: 501,
    members: { Header: header, additionalMessage: why },
  });

export const preconditionFailed = (condition: string): S3Error =>
  new S3Error('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', {
    status: 412,
    members: { Condition: condition },
  });

/** Not an error in HTTP: the client's copy is still valid. */
export const notModified = (headers: Readonly<Record<string, string>>): S3Error =>
  new S3Error('NotModified', 'The object has not changed.', { status: 304, headers });

export const invalidArgument = (name: string, value: string, message: string): S3Error =>
  new S3Error('InvalidArgument', message, { members: { ArgumentName: name, ArgumentValue: value } });

export const invalidRequest = (message: string): S3Error => new S3Error('InvalidRequest', message);

export const malformedXml = (detail: string): S3Error =>
  new S3Error(
    'MalformedXML',
    `The XML you provided was not well-formed or did not validate against our published schema: ${detail}`,
  );

export const notImplemented = (what: string): S3Error =>
  new S3Error('NotImplemented', `The embedded engine does not have ${what}.`, { status: 501 });
