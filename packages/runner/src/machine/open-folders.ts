import { chmodSync, type Dirent, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const allOfOwner = 0o700;

/**
 * Gives the owner of a folder all rights on it and on every folder below. The content of a read-only folder (Go's
 * module cache, Nix's output) cannot be removed even by its owner. Folders of other users stay as they are; links are
 * not followed.
 *
 * @example
 * ```ts
 * openFolders('/scratch/jobs/job-1');
 * rmSync('/scratch/jobs/job-1', { recursive: true });
 * ```
 */
export function openFolders(root: string): void {
  const waiting = [root];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    for (const entry of entriesAfterOpening(folder)) if (entry.isDirectory()) waiting.push(join(folder, entry.name));
  }
}

function entriesAfterOpening(folder: string): readonly Dirent[] {
  try {
    const { mode } = lstatSync(folder);
    if ((mode & allOfOwner) !== allOfOwner) chmodSync(folder, (mode & 0o7777) | allOfOwner);
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    // Another user's, or gone: the caller that removes the tree reports the rest.
    return [];
  }
}
