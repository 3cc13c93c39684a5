import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { dirname, join, normalize, relative } from 'node:path/posix';
import { BclawError, globMatcher, isGlob } from '@bclaw/spec/run-time';

/** What a file name or a glob means in a workspace. */
export interface FoundFiles {
  /** Relative to the workspace. */
  readonly files: readonly string[];
  /** Links to files that the commands see and this program does not. */
  readonly elsewhere: readonly LinkElsewhere[];
}

export interface LinkElsewhere {
  readonly file: string;
  readonly target: string;
}

/** A workspace after its commands have ended. */
export interface LeftWorkspace {
  readonly directory: string;
  /** See `Executor`. */
  readonly isShared: (path: string) => boolean;
}

/**
 * The files that an output names, within the workspace. A link out of it counts where it leads to the same file for the commands
 * and for this program: the `/etc/passwd` of an image is not the host's.
 *
 * @throws BclawError `bad-output` when the name leads out of the workspace, or is no text
 */
export async function findFiles(pattern: string, { directory, isShared }: LeftWorkspace): Promise<FoundFiles> {
  const relativePattern = withinWorkspace(pattern, directory);
  const candidates = isGlob(relativePattern) ? await matchesOf(relativePattern, directory) : [relativePattern];
  const files: string[] = [];
  const elsewhere: LinkElsewhere[] = [];
  // All of the mount is shared, the job data beside the workspace included. The commands may have removed it.
  const mount = await realpath(dirname(directory)).catch(() => dirname(directory));
  for (const file of candidates) {
    const path = join(directory, file);
    // What is no file, or a link to nothing, is not there.
    if (!(await isFile(path))) continue;
    const target = await realpath(path);
    if (isWithin(target, mount) || isShared(target)) files.push(file);
    else elsewhere.push({ file, target });
  }
  return { files: files.sort(), elsewhere };
}

/** Whether a path is a folder or below it; both without links. */
export function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);
}

async function matchesOf(pattern: string, directory: string): Promise<readonly string[]> {
  const matches = globMatcher(pattern);
  const found: string[] = [];
  for (const { file, entry } of await entriesOf(directory, /\/|^\*\*$/.test(pattern))) {
    if (!matches(file)) continue;
    if (entry.isFile()) found.push(await readableName(file, directory));
    else if (entry.isSymbolicLink()) found.push(file);
  }
  return found;
}

/** What is in the workspace; nothing when the commands have removed it. */
async function entriesOf(
  directory: string,
  recursive: boolean,
): Promise<readonly { readonly file: string; readonly entry: Dirent }[]> {
  try {
    const root = await realpath(directory);
    const entries = await readdir(root, { recursive, withFileTypes: true });
    return entries.map((entry) => ({ entry, file: relative(root, join(folderOf(entry), entry.name)) }));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    if (codeOf(error) !== 'EACCES') throw error;
    throw new BclawError('bad-output', `The files of the workspace cannot be listed: ${messageOf(error)}.`, {
      remedy: 'Have the commands leave their folders readable.',
      cause: error,
    });
  }
}

/** Linux takes any bytes for a name; those that are no text come back changed and name no file. */
async function readableName(file: string, directory: string): Promise<string> {
  if (!file.includes('\ufffd') || (await isFile(join(directory, file)))) return file;
  throw new BclawError('bad-output', `The name of the output file ${file} is not text in UTF-8, as S3 wants it.`, {
    remedy: 'Have the commands rename it.',
  });
}

/** Node.js 20 still calls it `path` in early versions. */
function folderOf(entry: Dirent): string {
  return entry.parentPath ?? entry.path;
}

function withinWorkspace(pattern: string, directory: string): string {
  const inside = normalize(pattern.startsWith('/') ? relative(directory, pattern) : pattern);
  if (inside === '.' || inside === '..' || inside.startsWith('../'))
    throw new BclawError('bad-output', `The output ${pattern} is outside of the workspace.`, {
      remedy: 'Have the command write or copy it to its working directory.',
    });
  return inside;
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (entry) => entry.isFile(),
    () => false,
  );
}

export async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
