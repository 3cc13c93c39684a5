import { randomUUID } from 'node:crypto';
import type { Static } from 'typebox';
import { Value } from 'typebox/value';
import type { S3Core } from './core.js';
import { removeObjects, type Target } from './operations/remove-objects.js';
import { lifecycleDocument, type lifecycleRule } from './shapes/setting-shapes.js';
import type { Tags, VersionRecord } from './storage/records.js';

type Rule = Static<typeof lifecycleRule>;

const dayMs = 86_400_000;

/**
 * Applies the lifecycle rules of all buckets once. S3 does so about once a day; the engine does so when it starts.
 * Transitions to other storage classes have no effect on one machine and are only recorded.
 *
 * @param now milliseconds since 1970
 * @returns the number of versions, delete markers and uploads that expired
 */
export async function applyLifecycle(core: S3Core, now: number): Promise<number> {
  let expired = 0;
  for (const bucket of core.buckets.list()) {
    const document = bucket.settings['LifecycleConfiguration'];
    if (!Value.Check(lifecycleDocument, document)) continue;
    const rules = document.Rules.filter(({ Status }) => Status === 'Enabled');
    if (rules.length === 0) continue;
    const targets = [...core.objects.index(bucket.name).all()].flatMap((record) =>
      rules.some((rule) => expires(core, rule, record, now)) ? [targetOf(core, record)] : [],
    );
    const request = { requestId: randomUUID() };
    await removeObjects(core, bucket.name, targets, 'Lifecycle Expiration', request);
    expired += targets.length + (await abortUploads(core, bucket.name, rules, now));
  }
  return expired;
}

/** The current object expires like a DeleteObject; anything else is deleted by its version id. */
function targetOf(core: S3Core, record: VersionRecord): Target {
  const isCurrent = core.objects.index(record.bucket).current(record.key) === record;
  if (isCurrent && record.kind === 'object') return { Key: record.key };
  return { Key: record.key, VersionId: record.versionId };
}

function expires(core: S3Core, rule: Rule, record: VersionRecord, now: number): boolean {
  const versions = core.objects.index(record.bucket).versions(record.key);
  const at = versions.indexOf(record);
  const successor = versions[at - 1];
  if (successor !== undefined) return matches(rule, record) && noncurrentExpires(rule, successor.modified, at, now);
  if (record.kind === 'delete-marker')
    return rule.Expiration?.ExpiredObjectDeleteMarker === true && versions.length === 1 && matches(rule, record);
  const { Days, Date: date } = rule.Expiration ?? {};
  const due =
    (Days !== undefined && now >= dueAt(record.modified, Days)) ||
    (date !== undefined && now >= new Date(date).getTime());
  return due && matches(rule, record);
}

/** @param newer number of versions of the key that are newer than this one; the first of them is the current one */
function noncurrentExpires(rule: Rule, since: number, newer: number, now: number): boolean {
  const { NoncurrentDays, NewerNoncurrentVersions = 0 } = rule.NoncurrentVersionExpiration ?? {};
  return NoncurrentDays !== undefined && now >= dueAt(since, NoncurrentDays) && newer > NewerNoncurrentVersions;
}

/** S3 rounds up to the next midnight UTC. */
const dueAt = (since: number, days: number): number => Math.ceil((since + days * dayMs) / dayMs) * dayMs;

function matches(rule: Rule, record: VersionRecord): boolean {
  const { Filter } = rule;
  const conditions = Filter?.And ?? Filter;
  const prefix = conditions?.Prefix ?? rule.Prefix ?? '';
  if (!record.key.startsWith(prefix)) return false;
  const tags = [...(Filter?.And?.Tags ?? []), ...(Filter?.Tag === undefined ? [] : [Filter.Tag])];
  if (record.kind === 'delete-marker') return tags.length === 0;
  const { ObjectSizeGreaterThan = -1, ObjectSizeLessThan = Number.POSITIVE_INFINITY } = conditions ?? {};
  return record.size > ObjectSizeGreaterThan && record.size < ObjectSizeLessThan && hasTags(record.tags, tags);
}

const hasTags = (
  tags: Tags | undefined,
  wanted: readonly { readonly Key: string; readonly Value: string }[],
): boolean => wanted.every(({ Key, Value }) => tags?.[Key] === Value);

async function abortUploads(core: S3Core, bucket: string, rules: readonly Rule[], now: number): Promise<number> {
  const due = core.uploads.inBucket(bucket).filter(({ key, initiated }) =>
    rules.some((rule) => {
      const days = rule.AbortIncompleteMultipartUpload?.DaysAfterInitiation;
      const prefix = rule.Filter?.And?.Prefix ?? rule.Filter?.Prefix ?? rule.Prefix ?? '';
      return days !== undefined && key.startsWith(prefix) && now >= dueAt(initiated, days);
    }),
  );
  const parts = due.flatMap(({ uploadId }) => core.uploads.remove(uploadId));
  await core.context.journal.flush();
  for (const { segments } of parts) core.discard(segments);
  return due.length;
}
