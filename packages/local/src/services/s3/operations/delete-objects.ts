import type { AwsError } from '../../../wire/aws-error.js';
import { objectArn, s3Denial } from '../access.js';
import type { S3Core } from '../core.js';
import { invalidVersionId, malformedXml } from '../errors.js';
import { checkKey } from '../names.js';
import { deleteObjectModel, deleteObjectsModel } from '../shapes/object-shapes.js';
import { type Implementation, implement, type S3Request } from '../shapes/operation.js';
import { removeObjects } from './remove-objects.js';

/** S3's limit for one DeleteObjects request. */
const maximumObjects = 1000;

/** DeleteObject and DeleteObjects. */
export const deleteOperations = (core: S3Core): Implementation[] => [
  implement(deleteObjectModel, async (input, request) => {
    checkKey(input.Key);
    const [result] = await removeObjects(core, input.Bucket, [input], 'DeleteObject', request);
    // DeleteObjects says of the same version that there is none.
    if (result?.error?.code === 'NoSuchVersion') throw invalidVersionId(input.VersionId ?? '');
    if (result?.error !== undefined) throw result.error;
    return { DeleteMarker: result?.isMarker === true ? true : undefined, VersionId: result?.versionId };
  }),

  implement(deleteObjectsModel, async (input, request) => {
    const { Objects, Quiet } = input.Delete;
    if (Objects.length === 0 || Objects.length > maximumObjects)
      throw malformedXml(`a request deletes 1 to ${maximumObjects} objects, this one names ${Objects.length}`);
    const targets = Objects.map(({ Key, VersionId, ETag }) => ({
      Key,
      ...(VersionId === undefined || VersionId === '' ? {} : { VersionId }),
      ...(ETag === undefined ? {} : { IfMatch: ETag }),
    }));
    const refused = targets.map((target) => ({ target, error: refusal(core, input.Bucket, target, request) }));
    const allowed = refused.filter(({ error }) => error === undefined).map(({ target }) => target);
    const removed = await removeObjects(core, input.Bucket, allowed, 'DeleteObject', request);
    const denied = refused.flatMap(({ target, error }) =>
      error === undefined ? [] : [{ target, error, isMarker: false, versionId: undefined }],
    );
    const results = [...removed, ...denied];
    return {
      Deleted:
        Quiet === true
          ? []
          : results
              .filter(({ error }) => error === undefined)
              .map(({ target, isMarker, versionId }) => ({
                Key: target.Key,
                VersionId: target.VersionId,
                DeleteMarker: isMarker ? true : undefined,
                DeleteMarkerVersionId: isMarker ? versionId : undefined,
              })),
      Errors: results.flatMap(({ target, error }) =>
        error === undefined
          ? []
          : [{ Key: target.Key, VersionId: target.VersionId, Code: error.code, Message: error.message }],
      ),
    };
  }),
];

/** Each object of DeleteObjects needs its own permission; what is denied is an error of that object. */
function refusal(
  { context }: S3Core,
  bucket: string,
  { Key, VersionId }: { readonly Key: string; readonly VersionId?: string },
  { caller }: S3Request,
): AwsError | undefined {
  if (caller === undefined) return undefined;
  const action = VersionId === undefined ? 's3:DeleteObject' : 's3:DeleteObjectVersion';
  return context.iam?.refusal({ action, resource: objectArn(bucket, Key) }, caller, s3Denial);
}
