import type { Json, JsonObject } from '../../json.js';
import { objectOf, objectsOf, pick, textOf } from '../members.js';

/** Converts a lifecycle rule in a template to the format of S3's API. */
export function lifecycleRuleOf(rule: JsonObject): object {
  const expiration = present({
    Date: dateOf(rule['ExpirationDate']),
    Days: rule['ExpirationInDays'],
    ExpiredObjectDeleteMarker: rule['ExpiredObjectDeleteMarker'],
  });
  const days = rule['NoncurrentVersionExpirationInDays'];
  const noncurrent =
    objectOf(rule, 'NoncurrentVersionExpiration') ?? (days === undefined ? undefined : { NoncurrentDays: days });
  const transitions = both(rule, 'Transition').map((each) =>
    present({
      Date: dateOf(each['TransitionDate']),
      Days: each['TransitionInDays'],
      StorageClass: each['StorageClass'],
    }),
  );
  const noncurrentTransitions = both(rule, 'NoncurrentVersionTransition').map((each) => ({
    NoncurrentDays: each['TransitionInDays'],
    ...pick(each, ['NewerNoncurrentVersions', 'StorageClass']),
  }));
  return present({
    ID: rule['Id'],
    Status: rule['Status'],
    Filter: filterOf(rule),
    Expiration: Object.keys(expiration).length > 0 ? expiration : undefined,
    NoncurrentVersionExpiration: noncurrent,
    Transitions: transitions.length > 0 ? transitions : undefined,
    NoncurrentVersionTransitions: noncurrentTransitions.length > 0 ? noncurrentTransitions : undefined,
    AbortIncompleteMultipartUpload: rule['AbortIncompleteMultipartUpload'],
  });
}

/** S3 accepts a single condition directly, but several conditions only in `And`. */
function filterOf(rule: JsonObject): object {
  const sizes = pick(rule, ['ObjectSizeGreaterThan', 'ObjectSizeLessThan']);
  const tags = objectsOf(rule, 'TagFilters');
  const prefix = textOf(rule, 'Prefix');
  const conditions = Object.keys(sizes).length + tags.length + (prefix === undefined ? 0 : 1);
  const common = present({ Prefix: prefix, ...sizes });
  if (conditions === 0) return { Prefix: '' };
  if (conditions > 1) return { And: { ...common, ...(tags.length > 0 ? { Tags: tags } : {}) } };
  return { ...common, ...(tags[0] === undefined ? {} : { Tag: tags[0] }) };
}

/** Merges the list of that name with the single value that older templates use. */
function both(rule: JsonObject, name: string): readonly JsonObject[] {
  const single = objectOf(rule, name);
  return [...objectsOf(rule, `${name}s`), ...(single === undefined ? [] : [single])];
}

const dateOf = (value: Json | undefined) => (typeof value === 'string' ? new Date(value) : undefined);

function present(members: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}
