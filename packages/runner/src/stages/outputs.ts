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
  /** Names of outputs that were not there. */
  readonly missing: readonly string[];
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
    missing: found.filter(({ files }) => files.length === 0).map(({ output }) => output.name),
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
  const root = await realpath(directory);
  const entries = await readdir(root, { recursive: relativePattern.includes('/'), withFileTypes: true });
  const found: string[] = [];
  for (const entry of entries) {
    const file = relative(root, join(folderOf(entry), entry.name));
    if (matches(file) && (entry.isFile() || (entry.isSymbolicLink() && (await isFile(join(root, file))))))
      found.push(file);
  }
  return found.sort();
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
