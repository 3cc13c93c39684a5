import type { Dirent } from 'node:fs';
import { access, constants, readdir, realpath, stat } from 'node:fs/promises';
import { dirname, join, normalize, relative } from 'node:path/posix';
import { BclawError, escapeGlob, globMatcher } from '@bclaw/spec/run-time';
import type { PlannedOutput } from '../step-plan.js';
import { forbidden, isForbidden, isLeftFile, specialFile, specialKind } from './left-file.js';

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
export async function findFiles(
  { file: name, glob }: Pick<PlannedOutput, 'file' | 'glob'>,
  { directory, isShared }: LeftWorkspace,
): Promise<FoundFiles> {
  const wanted = withinWorkspace(name, name, directory);
  // All of the mount is shared, the job data beside the workspace included.
  const mount = await whereIs(dirname(directory), name);
  const root = await whereIs(directory, name);
  // The commands have removed it.
  if (mount === undefined || root === undefined) return { files: [], elsewhere: [] };
  const isVisible = (path: string) => isWithin(path, mount) || isShared(path);
  if (!isVisible(root)) return { files: [], elsewhere: [{ file: wanted, target: root }] };
  // A listing goes through no links, so that the plain files of it are where they seem to be.
  const { files, unsure, special } =
    glob === undefined
      ? { files: [], unsure: [wanted], special: undefined }
      : await matchesOf(withinWorkspace(glob, name, escapeGlob(directory)), root);
  const elsewhere: LinkElsewhere[] = [];
  for (const file of unsure) {
    const path = join(root, file);
    // What is no file, or a link to nothing, is not there.
    if (!(await isLeftFile(path, file))) continue;
    const target = await realpath(path);
    if (isVisible(target)) files.push(file);
    else elsewhere.push({ file, target });
  }
  for (const file of files) await mustBeReadable(join(root, file), file);
  // Beside files, as folders, it may be what the commands needed for themselves.
  if (special !== undefined && files.length + elsewhere.length === 0) throw specialFile(special.file, special.kind);
  return { files: files.sort(), elsewhere };
}

/** Whether a path is a folder or below it; both without links. */
export function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);
}

/** What of the workspace a glob matches: files, and what may be a link to one. */
async function matchesOf(
  pattern: string,
  root: string,
): Promise<{
  readonly files: string[];
  readonly unsure: readonly string[];
  /** The first match that is neither file, folder nor link. */
  readonly special: { readonly file: string; readonly kind: string } | undefined;
}> {
  const matches = globMatcher(pattern);
  const files: string[] = [];
  const unsure: string[] = [];
  let special: { readonly file: string; readonly kind: string } | undefined;
  for (const { file, entry } of await entriesOf(root, /\/|^\*\*$/.test(pattern))) {
    if (!matches(file)) continue;
    if (entry.isFile()) files.push(await readableName(file, root));
    else if (entry.isSymbolicLink()) unsure.push(file);
    else {
      const kind = specialKind(entry);
      if (kind !== undefined) special ??= { file, kind };
    }
  }
  return { files, unsure, special };
}

async function entriesOf(
  root: string,
  recursive: boolean,
): Promise<readonly { readonly file: string; readonly entry: Dirent }[]> {
  try {
    const entries = await readdir(root, { recursive, withFileTypes: true });
    return entries.map((entry) => ({ entry, file: relative(root, join(folderOf(entry), entry.name)) }));
  } catch (error) {
    if (!isForbidden(error)) throw error;
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

/** @param name the path as people read it */
function withinWorkspace(path: string, name: string, directory: string): string {
  const inside = normalize(path.startsWith('/') ? relative(directory, path) : path);
  if (inside === '.' || inside === '..' || inside.startsWith('../'))
    throw new BclawError('bad-output', `The output ${name} is outside of the workspace.`, {
      remedy: 'Have the command write or copy it to its working directory.',
    });
  return inside;
}

/** Where a path leads; undefined when the commands have removed what it names. */
async function whereIs(path: string, output: string): Promise<string | undefined> {
  try {
    return await realpath(path);
  } catch (error) {
    if (isForbidden(error)) throw forbidden(output, error);
    return undefined;
  }
}

async function mustBeReadable(path: string, file: string): Promise<void> {
  try {
    await access(path, constants.R_OK);
  } catch (error) {
    if (isForbidden(error)) throw forbidden(file, error);
    throw error;
  }
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

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
