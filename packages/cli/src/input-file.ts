import { readFile, stat } from 'node:fs/promises';
import { UsageError } from './failure.js';

/**
 * Reads a file that the user named.
 *
 * @throws UsageError when it is a folder; Node.js's own errors otherwise
 */
export async function readInputFile(path: string): Promise<Buffer> {
  // Node.js opens a folder like a file; when it can't be read, it no longer knows the path.
  if ((await stat(path)).isDirectory()) throw new UsageError(`${path} is a folder, not a file.`);
  return await readFile(path);
}

/** The text of a file that the user named, UTF-8. */
export const readInputText = async (path: string): Promise<string> => (await readInputFile(path)).toString('utf8');

/**
 * Checks that files can go into a folder that may not be there yet: better before a job has run than after.
 *
 * @throws UsageError when something else is in its place
 */
export async function checkOutputFolder(path: string): Promise<void> {
  try {
    if ((await stat(path)).isDirectory()) return;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return;
    throw error;
  }
  throw new UsageError(`${path} is a file, not a folder.`, 'Name another folder for the outputs: --out results.');
}
