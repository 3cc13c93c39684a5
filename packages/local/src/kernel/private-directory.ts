import { chmodSync, lstatSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** What containers mount has modes of its own; nobody else gets past the folder around it. */
const mounted = 'batch';

/**
 * Makes a directory its own user's alone: folders 0700, files 0600, whatever they were before. Secrets and what jobs
 * wrote lie there in the clear. What lies in a folder that nobody else could enter is left as it is: it was safe.
 *
 * @throws Error when the directory belongs to somebody else
 */
export function makePrivate(directory: string): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  tighten(directory);
}

function tighten(directory: string): void {
  chmodSync(directory, 0o700);
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isFile()) {
      if ((lstatSync(path).mode & 0o077) !== 0) chmodSync(path, lstatSync(path).mode & 0o700);
    } else if (entry.isDirectory() && (lstatSync(path).mode & 0o077) !== 0) {
      if (entry.name === mounted) chmodSync(path, 0o700);
      else tighten(path);
    }
  }
}
