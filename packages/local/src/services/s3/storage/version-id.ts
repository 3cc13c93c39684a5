import { createHash, randomBytes } from 'node:crypto';

/** The version of an object that was written without versioning. */
export const nullVersion = 'null';

/** A new version id: 32 characters of `A-Z a-z 0-9 . _`, in the style of S3's ids; opaque to clients. */
export function newVersionId(bucket: string, key: string): string {
  const random = text(randomBytes(18));
  return random + seal(bucket, key, random);
}

/**
 * Returns true if a version of this object had the id once. S3 can tell, too: it refuses the ids of versions that never
 * were, and accepts those of versions that are gone.
 */
export function wasVersionId(bucket: string, key: string, id: string): boolean {
  return id === nullVersion || (id.length === 32 && id.slice(24) === seal(bucket, key, id.slice(0, 24)));
}

function seal(bucket: string, key: string, random: string): string {
  return text(createHash('sha256').update(`${bucket}/${key}/${random}`).digest().subarray(0, 6));
}

const text = (bytes: Buffer): string => bytes.toString('base64url').replaceAll('-', '.');
