import { readdirSync, rmSync } from 'node:fs';
import { openFolders } from '@bclaw/runner/machine';
import { lockDirectory } from './engine-lock.js';

/** All that an engine, or the command that runs it in the background, puts into its directory. */
const ownEntry =
  /^(batch|engine\.json|engine\.lock(\..+)?|engine\.log|journal\.jsonl(\.next|\.damaged-.+)?|lambda|logs|s3|states\.at-work)$/;

/**
 * Deletes an engine's directory with all that the engine keeps there.
 *
 * @param directory - an engine's; nothing is deleted when there is anything in it that no engine puts there
 * @returns false when there is no such directory
 * @throws Error when a living engine uses the directory, or when it is no engine's
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
  // Nobody starts in it meanwhile; and an engine that is too busy to answer is not mistaken for none.
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
