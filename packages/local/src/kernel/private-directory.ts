import { chmodSync, lstatSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Folders that containers mount have their own modes; the folder around them keeps other users out. */
const mounted = 'batch';

/**
 * Makes a directory private to its user: folders 0700, files 0600, whatever they were before. It holds secrets and job
 * output in the clear. The content of a folder that was already private is left as it is.
 *
 * @throws Error when the directory belongs to another user
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
