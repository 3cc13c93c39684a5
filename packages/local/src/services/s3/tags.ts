import { invalidArgument, S3Error } from './errors.js';
import type { Tags } from './storage/records.js';

/** `x-amz-tagging`: tags as a query string. @throws S3Error `InvalidArgument`, `InvalidTag` */
export function parseTaggingHeader(header: string | undefined): Tags | undefined {
  if (header === undefined) return undefined;
  const pairs: { Key: string; Value: string }[] = [];
  for (const [Key, Value] of new URLSearchParams(header)) pairs.push({ Key, Value });
  if (pairs.some(({ Key }) => Key === ''))
    throw invalidArgument(
      'x-amz-tagging',
      header,
      'The header x-amz-tagging shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.',
    );
  return checkTags(pairs, 10);
}

/**
 * S3's rules for tags: unique keys of 1 to 128 characters, except AWS's own, values of up to 256 characters, at most
 * `limit` tags (10 on an object, 50 on a bucket).
 *
 * @throws S3Error `InvalidTag`, `BadRequest`
 */
export function checkTags(tagSet: readonly { readonly Key: string; readonly Value: string }[], limit: number): Tags {
  if (tagSet.length > limit) throw new S3Error('BadRequest', `Object tags cannot be greater than ${limit}`);
  const tags = new Map<string, string>();
  for (const { Key, Value } of tagSet) {
    if (Key.length === 0 || Key.length > 128)
      throw new S3Error('InvalidTag', 'The TagKey you have provided is invalid', { members: { TagKey: Key } });
    if (/^aws:/i.test(Key))
      throw new S3Error('InvalidTag', 'Your TagKey cannot be prefixed with aws:', { members: { TagKey: Key } });
    if (Value.length > 256)
      throw new S3Error('InvalidTag', 'The TagValue you have provided is invalid', {
        members: { TagKey: Key, TagValue: Value },
      });
    if (tags.has(Key))
      throw new S3Error('InvalidTag', 'Cannot provide multiple Tags with the same key', { members: { TagKey: Key } });
    tags.set(Key, Value);
  }
  return Object.fromEntries(tags);
}

/** In the operations' output shape, sorted by key. */
export const tagSetOf = (tags: Tags | undefined): { Key: string; Value: string }[] =>
  Object.entries(tags ?? {}).map(([Key, Value]) => ({ Key, Value }));
