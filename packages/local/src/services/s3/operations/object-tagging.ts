import type { S3Core } from '../core.js';
import { deleteObjectTaggingModel, getObjectTaggingModel, putObjectTaggingModel } from '../shapes/object-shapes.js';
import { type Implementation, implement } from '../shapes/operation.js';
import type { ObjectVersion, Tags } from '../storage/records.js';
import { checkTags, tagSetOf } from '../tags.js';
import { findVersion, shownVersionId } from './describe.js';

/** The tags of objects; changing them creates no new version. */
export function taggingOperations(core: S3Core): Implementation[] {
  const shown = (version: ObjectVersion) => shownVersionId(core.buckets.get(version.bucket), version.versionId);
  const change = async (version: ObjectVersion, tags: Tags | undefined) => {
    core.objects.update({ ...version, tags });
    await core.context.journal.flush();
    return { VersionId: shown(version) };
  };
  return [
    implement(getObjectTaggingModel, (input) => {
      const version = findVersion(core, input);
      return { VersionId: shown(version), TagSet: tagSetOf(version.tags) };
    }),
    implement(putObjectTaggingModel, (input) =>
      change(findVersion(core, input, 'PUT'), checkTags(input.Tagging.TagSet, 10)),
    ),
    implement(deleteObjectTaggingModel, (input) => change(findVersion(core, input, 'DELETE'), undefined)),
  ];
}
