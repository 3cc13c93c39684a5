import { stat } from 'node:fs/promises';
import { join } from 'node:path/posix';
import { BclawError, formatS3Uri, type S3Location } from '@bclaw/spec/run-time';
import type { RunnerJob } from '../runner-job.js';
import { outputLocation, type PlannedOutput } from '../step-plan.js';
import type { Transfers } from '../storage/download.js';
import type { Attributes } from '../storage/object-store.js';
import { type FoundFiles, findFiles, isFolder, type LeftWorkspace } from './found-files.js';

/** What was uploaded. */
export interface UploadedOutputs {
  readonly objects: number;
  readonly bytes: number;
  /** What the author of the step should know, although nothing failed. */
  readonly notes: readonly OutputNote[];
}

export interface OutputNote {
  readonly message: string;
  readonly remedy?: string;
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
  workspace: LeftWorkspace,
): Promise<UploadedOutputs> {
  const { directory } = workspace;
  const found = await Promise.all(outputs.map(async (output) => ({ output, ...(await findFiles(output, workspace)) })));
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
    notes: (await Promise.all(found.map((output) => notesOn(output, directory)))).flat(),
  };
}

async function notesOn(
  { output, files, elsewhere }: { readonly output: PlannedOutput } & FoundFiles,
  directory: string,
): Promise<readonly OutputNote[]> {
  const { name, file } = output;
  if (elsewhere.length > 0)
    return elsewhere.map((link) => ({
      message: `The output file ${link.file} is a link to ${link.target}, which is in the image and not in the workspace; it is not uploaded.`,
      remedy: 'Have the commands copy the file instead of linking it.',
    }));
  if (files.length > 0) return [];
  if (await isFolder(join(directory, file)))
    return [
      {
        message: `The output "${name}" (${file}) is a folder; only files are uploaded.`,
        remedy: `For what is in it, write a glob: ${file.replace(/\/$/, '')}/*`,
      },
    ];
  return [{ message: `The commands ended well, but did not write the output "${name}" (${file}).` }];
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
