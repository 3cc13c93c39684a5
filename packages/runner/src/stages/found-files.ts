import type { Dirent } from 'node:fs';
import { access, constants, readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, normalize, relative } from 'node:path/posix';
import { BclawError, escapeGlob, globMatcher, unescapeGlob } from '@bclaw/spec/run-time';
import type { PlannedOutput } from '../step-plan.js';
import { forbidden, isForbidden, isLeftFile, specialFile, specialKind } from './left-file.js';

/** The matches of a file name or a glob in a workspace. */
export interface FoundFiles {
  readonly files: readonly FoundFile[];
  /** Folders that the glob matches, or that have the file's name. */
  readonly folders: readonly string[];
  /** Links to files that are visible to the commands but not to this program. */
  readonly elsewhere: readonly LinkElsewhere[];
}

export interface FoundFile {
  /** Relative to the workspace. */
  readonly path: string;
  /** The real path, without links. */
  readonly target: string;
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

/** Limit on the number of folders: links among many folders create more paths than can be walked. */
const maxLinkedFolders = 10_000;

interface Candidate extends FoundFile {
  readonly isFolder: boolean;
}

/**
 * The files of an output within the workspace. A link out of the workspace counts if it leads to the same file for the
 * commands and for this program: the `/etc/passwd` of an image is not the host's. Globs follow linked folders inside
 * the workspace.
 *
 * @throws BclawError `bad-output` when the name leads out of the workspace, or is not valid UTF-8
 */
export async function findFiles(
  { file: name, glob }: Pick<PlannedOutput, 'file' | 'glob'>,
  { directory, isShared }: LeftWorkspace,
): Promise<FoundFiles> {
  const wanted = withinWorkspace(name, name, directory);
  // All of the mount is shared, including the job data next to the workspace.
  const mount = await whereIs(dirname(directory), name);
  const root = await whereIs(directory, name);
  // The commands have removed it.
  if (mount === undefined || root === undefined) return { files: [], folders: [], elsewhere: [] };
  const isVisible = (path: string) => isWithin(path, mount) || isShared(path);
  if (!isVisible(root)) return { files: [], folders: [], elsewhere: [{ file: wanted, target: root }] };
  const candidates =
    glob === undefined
      ? { found: await candidateAt(wanted, root) }
      : await matchesOf(withinWorkspace(glob, name, escapeGlob(directory)), root);
  const files = new Map<string, FoundFile>();
  const folders: string[] = [];
  const elsewhere: LinkElsewhere[] = [];
  for (const { path, isFolder, target } of candidates.found) {
    if (!isVisible(target)) elsewhere.push({ file: path, target });
    else if (isFolder) folders.push(path);
    else {
      // A file that is also visible through a linked folder counts once.
      const key = `${basename(path)}\n${target}`;
      const other = files.get(key);
      if (other === undefined || path < other.path) files.set(key, { path, target });
    }
  }
  for (const { path } of files.values()) await mustBeReadable(join(root, path), path);
  // Next to matched files, a folder may be one that the commands needed for themselves.
  const { special } = candidates;
  if (special !== undefined && files.size + elsewhere.length === 0) throw specialFile(special.file, special.kind);
  const byPath = (one: FoundFile, other: FoundFile) => (one.path < other.path ? -1 : 1);
  return { files: [...files.values()].sort(byPath), folders: folders.sort(), elsewhere };
}

/** Returns true if a path is a folder or below it; both must be resolved. */
export function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);
}

interface Candidates {
  readonly found: readonly Candidate[];
  /** The first match that is not a file, folder or link. */
  readonly special?: { readonly file: string; readonly kind: string };
}

async function candidateAt(path: string, root: string): Promise<readonly Candidate[]> {
  const isFile = await isLeftFile(join(root, path), path);
  // Anything that is not a file, and a dangling link, counts as missing.
  if (!isFile && !(await isFolder(join(root, path)))) return [];
  return [{ path, isFolder: !isFile, target: await realpath(join(root, path)) }];
}

/** The matches of a glob in the workspace. */
async function matchesOf(pattern: string, root: string): Promise<Candidates> {
  const matches = globMatcher(pattern);
  const found: Candidate[] = [];
  let special: Candidates['special'];
  let linkedFolders = 0;
  const visit = async (folder: string, around: readonly string[]): Promise<void> => {
    const here = around.at(-1) ?? root;
    for (const entry of await entriesOf(join(root, folder))) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      const isMatch = matches(path);
      // Without a slash, a glob does not match in subfolders.
      const goesDeeper = /\/|^\*\*$/.test(pattern);
      if (!isMatch && (entry.isFile() || !goesDeeper)) continue;
      const kind = specialKind(entry);
      if (kind !== undefined) {
        if (isMatch) special ??= { file: path, kind };
        continue;
      }
      const readable = isMatch ? await readableName(path, root) : path;
      const [candidate] = entry.isFile()
        ? [{ path, isFolder: false, target: join(here, entry.name) }]
        : isMatch || (await isFolder(join(root, path)))
          ? await candidateAt(readable, root)
          : [];
      if (candidate === undefined) continue;
      if (isMatch) found.push(candidate);
      if (!candidate.isFolder || !goesDeeper) continue;
      // A link to a parent folder is a cycle, and a link out of the workspace leads to foreign files.
      const { target } = candidate;
      if (around.includes(target) || (entry.isSymbolicLink() && !isWithin(target, root))) continue;
      if (entry.isSymbolicLink()) linkedFolders += 1;
      if (linkedFolders > maxLinkedFolders)
        throw new BclawError(
          'bad-output',
          `The glob ${unescapeGlob(pattern)} leads through too many links to folders.`,
          {
            hint: 'Name the folders that you mean.',
          },
        );
      await visit(path, [...around, target]);
    }
  };
  await visit('', [root]);
  return special === undefined ? { found } : { found, special };
}

async function entriesOf(folder: string): Promise<readonly Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (!isForbidden(error)) throw error;
    throw new BclawError('bad-output', `The files of the workspace cannot be listed: ${messageOf(error)}.`, {
      hint: 'Have the commands leave their folders readable.',
      cause: error,
    });
  }
}

/** Linux allows any bytes in a name; names that are not valid UTF-8 are decoded to something else and name no file. */
async function readableName(file: string, directory: string): Promise<string> {
  if (!file.includes('\ufffd') || (await isThere(join(directory, file)))) return file;
  throw new BclawError('bad-output', `The name of the output file ${file} is not text in UTF-8, as S3 wants it.`, {
    hint: 'Have the commands rename it.',
  });
}

/** @param name the path in readable form */
function withinWorkspace(path: string, name: string, directory: string): string {
  const inside = normalize(path.startsWith('/') ? relative(directory, path) : path);
  if (inside === '.' || inside === '..' || inside.startsWith('../'))
    throw new BclawError('bad-output', `The output ${name} is outside of the workspace.`, {
      hint: 'Have the command write or copy it to its working directory.',
    });
  return inside;
}

/** The real path; undefined when the commands have removed the file. */
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

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
