import type { S3Core } from '../core.js';
import { invalidVersionId, malformedXml } from '../errors.js';
import { checkKey } from '../names.js';
import { deleteObjectModel, deleteObjectsModel } from '../shapes/object-shapes.js';
import { type Implementation, implement } from '../shapes/operation.js';
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
    const results = await removeObjects(core, input.Bucket, targets, 'DeleteObject', request);
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
