import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join, normalize, relative } from 'node:path/posix';
import { BclawError, formatS3Uri, globMatcher, isGlob, type S3Location } from '@bclaw/spec/run-time';
import type { RunnerJob } from '../runner-job.js';
import { outputLocation, type PlannedOutput } from '../step-plan.js';
import type { Transfers } from '../storage/download.js';
import type { Attributes } from '../storage/object-store.js';

/** What was uploaded. */
export interface UploadedOutputs {
  readonly objects: number;
  readonly bytes: number;
  /** Outputs that were not there. */
  readonly missing: readonly MissingOutput[];
}

export interface MissingOutput {
  readonly name: string;
  readonly file: string;
  /** A folder has the name of the file. */
  readonly isFolder: boolean;
}

interface FoundFile {
  readonly output: PlannedOutput;
  /** Relative to the workspace. */
  readonly file: string;
  readonly target: S3Location;
}

/**
 * Uploads what is there of a step's outputs, all at once as far as the limit allows.
 *
 * @throws BclawError `file-name-collision`, `bad-output`, or what S3 answers
 */
export async function uploadOutputs(
  transfers: Transfers,
  job: RunnerJob,
  outputs: readonly PlannedOutput[],
  directory: string,
): Promise<UploadedOutputs> {
  const found = await Promise.all(
    outputs.map(async (output) => ({ output, files: await filesOf(output.file, directory) })),
  );
  const targets = targetsOf(found);
  const metadata = { execution_id: job.execution.name };
  const sizes = await Promise.all(
    [...targets.values()].map(({ output, file, target }) =>
      uploadFile(transfers, join(directory, file), target, { tags: output.tags, metadata }),
    ),
  );
  return {
    objects: sizes.length,
    bytes: sizes.reduce((sum, size) => sum + size, 0),
    missing: await Promise.all(
      found
        .filter(({ files }) => files.length === 0)
        .map(async ({ output: { name, file } }) => ({ name, file, isFolder: await isFolder(join(directory, file)) })),
    ),
  };
}

async function uploadFile(
  { store, limit, stop }: Transfers,
  path: string,
  target: S3Location,
  attributes: Attributes,
): Promise<number> {
  const { size } = await stat(path);
  await store.putFile(target, { path, size }, attributes, { limit, stop });
  return size;
}

/** The files that an output names, relative to the workspace and within it. */
async function filesOf(pattern: string, directory: string): Promise<readonly string[]> {
  const relativePattern = withinWorkspace(pattern, directory);
  if (!isGlob(relativePattern)) return (await isFile(join(directory, relativePattern))) ? [relativePattern] : [];
  const matches = globMatcher(relativePattern);
  const found: string[] = [];
  for (const { file, entry } of await entriesOf(directory, /\/|^\*\*$/.test(relativePattern))) {
    if (!matches(file)) continue;
    if (entry.isFile()) found.push(await readableName(file, directory));
    else if (entry.isSymbolicLink() && (await isFile(join(directory, file)))) found.push(file);
  }
  return found.sort();
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

async function isFolder(path: string): Promise<boolean> {
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

/** Files of one base name that go to the same place would overwrite one another. */
function targetsOf(
  found: readonly { readonly output: PlannedOutput; readonly files: readonly string[] }[],
): ReadonlyMap<string, FoundFile> {
  const targets = new Map<string, FoundFile>();
  for (const { output, files } of found) {
    for (const file of files) {
      const target = outputLocation(output, file);
      const uri = formatS3Uri(target);
      const other = targets.get(uri);
      if (other !== undefined && other.file !== file)
        throw new BclawError('file-name-collision', `The files ${other.file} and ${file} would both become ${uri}.`, {
          remedy: 'Give them different base names, or one of them another destination.',
        });
      targets.set(uri, { output, file, target });
    }
  }
  return targets;
}
