import { readdir, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';

/** A file that no job has used for this long is removed. */
const unusedAfterMs = 14 * 24 * 60 * 60 * 1000;

/** Share of the volume that stays free for jobs, as long as the cache has files to evict. */
const reservedShare = 0.1;

interface Entry {
  readonly path: string;
  readonly size: number;
  readonly lastUsedMs: number;
}

/** Removes files, drafts and locks that were not touched for 14 days. */
export async function removeUnused(folder: string, now = Date.now()): Promise<void> {
  for (const { path, lastUsedMs } of await unlinkedFiles(folder))
    if (lastUsedMs < now - unusedAfterMs) await rm(path, { force: true });
}

/**
 * Evicts the least recently used files until a new one fits and a tenth of the volume is still free. Keeps files that a
 * running job has linked, because removing them would free no space.
 *
 * @param neededBytes size of the new file
 * @param keep path of a file that must stay
 * @param freeBytesOf returns the free space and the size of a folder's volume
 */
export async function makeRoom(
  folder: string,
  neededBytes: number,
  { keep, freeBytesOf = volumeOf }: { readonly keep?: string; readonly freeBytesOf?: typeof volumeOf } = {},
): Promise<void> {
  const { free, total } = await freeBytesOf(folder);
  let missing = neededBytes + total * reservedShare - free;
  if (missing <= 0) return;
  const files = (await unlinkedFiles(folder)).filter(({ path }) => path !== keep && !/\.(lock|part)\b/.test(path));
  for (const { path, size } of files.toSorted((a, b) => a.lastUsedMs - b.lastUsedMs)) {
    if (missing <= 0) return;
    await rm(path, { force: true });
    missing -= size;
  }
}

async function volumeOf(folder: string): Promise<{ readonly free: number; readonly total: number }> {
  const { bavail, blocks, bsize } = await statfs(folder);
  return { free: bavail * bsize, total: blocks * bsize };
}

/** Files of the cache without a link in any workspace; another runner may remove any of them at any time. */
async function unlinkedFiles(folder: string): Promise<readonly Entry[]> {
  const entries: Entry[] = [];
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const file = await stat(path).catch(() => undefined);
    // The cache sets the access time at each use, and so does a lock's owner.
    if (file?.isFile() && file.nlink === 1) entries.push({ path, size: file.size, lastUsedMs: file.atimeMs });
  }
  return entries;
}
