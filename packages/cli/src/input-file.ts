import { readFile, stat } from 'node:fs/promises';
import { UsageError } from './failure.js';

/**
 * Reads a file named by the user.
 *
 * @throws UsageError when it is a folder; Node.js's own errors otherwise
 */
export async function readInputFile(path: string): Promise<Buffer> {
  // Node.js can open a folder like a file; the error when reading it does not contain the path.
  if ((await stat(path)).isDirectory()) throw new UsageError(`${path} is a folder, not a file.`);
  return await readFile(path);
}

/** The UTF-8 text of a file named by the user. */
export const readInputText = async (path: string): Promise<string> => (await readInputFile(path)).toString('utf8');

/**
 * Checks that files can be written to a folder that may not exist yet, before a job runs.
 *
 * @throws UsageError when the path is not a folder
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
