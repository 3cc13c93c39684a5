import { conditionNotImplemented, noSuchKey, notModified, preconditionFailed } from './errors.js';
import { httpDate } from './http/http-date.js';
import type { ObjectVersion, VersionRecord } from './storage/records.js';

export interface ReadConditions {
  readonly IfMatch?: string;
  readonly IfNoneMatch?: string;
  readonly IfModifiedSince?: Date;
  readonly IfUnmodifiedSince?: Date;
}

/** Result of a failed condition: the object changed (412), or it did not (304). */
type Verdict = { readonly kind: 'holds' } | { readonly kind: 'failed' | 'not-modified'; readonly condition: string };

/**
 * Evaluates the conditions as RFC 9110 and S3 do: a true If-Match overrides If-Unmodified-Since, and If-None-Match
 * overrides If-Modified-Since. An If-Modified-Since in the future is ignored (RFC 9110, 13.1.3). Times are compared in
 * whole seconds.
 */
function judge(version: ObjectVersion, conditions: ReadConditions): Verdict {
  const { IfMatch, IfNoneMatch, IfModifiedSince, IfUnmodifiedSince } = conditions;
  const modified = Math.floor(version.modified / 1000);
  const seconds = (date: Date) => Math.floor(date.getTime() / 1000);
  if (IfMatch !== undefined) {
    if (!matchesEtag(IfMatch, version.etag)) return { kind: 'failed', condition: 'If-Match' };
  } else if (IfUnmodifiedSince !== undefined && modified > seconds(IfUnmodifiedSince))
    return { kind: 'failed', condition: 'If-Unmodified-Since' };
  if (IfNoneMatch !== undefined) {
    if (matchesEtag(IfNoneMatch, version.etag)) return { kind: 'not-modified', condition: 'If-None-Match' };
  } else if (
    IfModifiedSince !== undefined &&
    IfModifiedSince.getTime() <= Date.now() &&
    modified <= seconds(IfModifiedSince)
  )
    return { kind: 'not-modified', condition: 'If-Modified-Since' };
  return { kind: 'holds' };
}

/** @throws S3Error `PreconditionFailed`, or 304 */
export function checkRead(version: ObjectVersion, conditions: ReadConditions): void {
  const verdict = judge(version, conditions);
  if (verdict.kind === 'failed') throw preconditionFailed(verdict.condition);
  if (verdict.kind === 'not-modified')
    throw notModified({ etag: `"${version.etag}"`, 'last-modified': httpDate(version.modified) });
}

/** Conditions on the source of a copy: every failure is 412. @throws S3Error `PreconditionFailed` */
export function checkCopySource(
  version: ObjectVersion,
  input: {
    readonly CopySourceIfMatch?: string;
    readonly CopySourceIfNoneMatch?: string;
    readonly CopySourceIfModifiedSince?: Date;
    readonly CopySourceIfUnmodifiedSince?: Date;
  },
): void {
  const verdict = judge(version, {
    ...(input.CopySourceIfMatch === undefined ? {} : { IfMatch: input.CopySourceIfMatch }),
    ...(input.CopySourceIfNoneMatch === undefined ? {} : { IfNoneMatch: input.CopySourceIfNoneMatch }),
    ...(input.CopySourceIfModifiedSince === undefined ? {} : { IfModifiedSince: input.CopySourceIfModifiedSince }),
    ...(input.CopySourceIfUnmodifiedSince === undefined
      ? {}
      : { IfUnmodifiedSince: input.CopySourceIfUnmodifiedSince }),
  });
  if (verdict.kind !== 'holds') throw preconditionFailed(`x-amz-copy-source-${verdict.condition}`);
}

/**
 * Conditional writes: `If-None-Match: *` only creates, `If-Match: <etag>` only replaces the version with that ETag.
 *
 * @returns a guard on the current version, to call in the same step as the write.
 */
export function writeGuard(key: string, input: { readonly IfMatch?: string; readonly IfNoneMatch?: string }) {
  const { IfMatch, IfNoneMatch } = input;
  if (IfMatch !== undefined && IfNoneMatch !== undefined)
    throw conditionNotImplemented(
      'If-Match,If-None-Match',
      'Multiple conditional request headers present in the request',
    );
  if (IfNoneMatch !== undefined && IfNoneMatch !== '*') throw valueNotAccepted('If-None-Match');
  if (IfMatch === '*') throw valueNotAccepted('If-Match');
  return (current: VersionRecord | undefined): void => {
    const object = current?.kind === 'object' ? current : undefined;
    if (IfNoneMatch !== undefined && object !== undefined) throw preconditionFailed('If-None-Match');
    if (IfMatch === undefined) return;
    if (object === undefined) throw noSuchKey(key);
    if (!matchesEtag(IfMatch, object.etag)) throw preconditionFailed('If-Match');
  };
}

const valueNotAccepted = (header: string) =>
  conditionNotImplemented(header, `We don't accept the provided value of ${header} header for this API`);

/** Returns true if a list of entity tags (or `*`) contains this one; quotation marks are optional, as in S3. */
export function matchesEtag(condition: string, etag: string): boolean {
  return condition.split(',').some((candidate) => {
    const tag = candidate
      .trim()
      .replace(/^W\//, '')
      .replace(/^"(.*)"$/, '$1');
    return tag === '*' || tag === etag;
  });
}
