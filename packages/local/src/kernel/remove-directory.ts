import { readdirSync, rmSync } from 'node:fs';
import { openFolders } from '@bclaw/runner/machine';
import { lockDirectory } from './engine-lock.js';

/** All entries that an engine, or the command that runs it in the background, creates in its directory. */
const ownEntry =
  /^(batch|engine\.json|engine\.lock(\..+)?|engine\.log|journal\.jsonl(\.next|\.damaged-.+)?|lambda|logs|regions|s3|states|states\.at-work)$/;

/**
 * Deletes an engine's directory and its content.
 *
 * @param directory - an engine's directory; nothing is deleted if it contains any entry that no engine creates
 * @returns false when there is no such directory
 * @throws Error when a running engine uses the directory, or when it is not an engine's
 *
 * @example
 * ```ts
 * await engine.close();
 * removeEngineDirectory('.bclaw');
 * ```
 */
export function removeEngineDirectory(directory: string): boolean {
  let entries: readonly string[];
  try {
    entries = readdirSync(directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
  const foreign = entries.filter((entry) => !ownEntry.test(entry)).sort();
  if (foreign.length > 0)
    throw new Error(
      `${directory} has more in it than an engine keeps: ${foreign.slice(0, 3).join(', ')}${foreign.length > 3 ? ', …' : ''}. Nothing was deleted.`,
    );
  // Keeps other engines from starting in it, and does not mistake an engine that is too busy to answer for none.
  const lock = lockDirectory(directory);
  try {
    remove(directory);
  } finally {
    lock.release();
  }
  return true;
}

/** Jobs may have left read-only folders in their workspaces. */
function remove(directory: string): void {
  try {
    rmSync(directory, { recursive: true, force: true });
  } catch {
    openFolders(directory);
    rmSync(directory, { recursive: true, force: true });
  }
}
