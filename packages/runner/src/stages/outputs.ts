import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path/posix';
import { executionMetadata } from '@bclaw/spec/contract';
import { BclawError, escapeGlob, formatS3Uri, type S3Location, type WrittenOutput } from '@bclaw/spec/run-time';
import type { RunnerJob } from '../runner-job.js';
import { outputLocation, type PlannedOutput } from '../step-plan.js';
import type { Transfers } from '../storage/download.js';
import type { Attributes } from '../storage/object-store.js';
import { type FoundFile, type FoundFiles, findFiles, type LeftWorkspace } from './found-files.js';

/** The result of the upload. */
export interface UploadedOutputs {
  readonly objects: number;
  readonly bytes: number;
  /** The files that the outputs stood for. */
  readonly written: readonly WrittenOutput[];
  /** Outputs that are missing or incomplete. */
  readonly missing: readonly MissingOutput[];
}

export interface MissingOutput {
  readonly output: PlannedOutput;
  /** True when some of its files exist. */
  readonly isPartial: boolean;
  readonly message: string;
  readonly hint?: string;
}

interface Upload {
  readonly output: PlannedOutput;
  readonly file: FoundFile;
  readonly target: S3Location;
}

/**
 * Uploads a step's existing outputs, concurrently within the limit.
 *
 * @throws BclawError `file-name-collision`, `bad-output`, or S3's errors
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
  const metadata = { [executionMetadata]: job.execution.name };
  const sizes = await Promise.all(
    [...targets.values()].map(({ output, file, target }) =>
      uploadFile(transfers, join(directory, file.path), target, { tags: output.tags, metadata }),
    ),
  );
  return {
    objects: sizes.length,
    bytes: sizes.reduce((sum, size) => sum + size, 0),
    written: found.map(({ output, files }) =>
      writtenOutput(
        output,
        files.map(({ path }) => basename(path)),
      ),
    ),
    missing: found.flatMap(missingOf),
  };
}

/** The files of outputs that are known to be there, without those of globs, whose files are not. */
export function writtenOutputs(outputs: readonly PlannedOutput[]): readonly WrittenOutput[] {
  return outputs.flatMap((output) =>
    output.glob !== undefined || output.optional ? [] : [writtenOutput(output, [basename(output.file)])],
  );
}

function writtenOutput({ file, glob, destination }: PlannedOutput, names: readonly string[]): WrittenOutput {
  return { destination: formatS3Uri(destination), glob: glob ?? escapeGlob(file), names };
}

/** The reason why an output has no file, or not all of its files. */
function missingOf({
  output,
  files,
  folders,
  elsewhere,
}: { readonly output: PlannedOutput } & FoundFiles): readonly MissingOutput[] {
  const { name, file, glob } = output;
  if (elsewhere.length > 0)
    return elsewhere.map((link) => ({
      output,
      isPartial: files.length > 0,
      message: `The output "${name}" (${file}) was not uploaded: ${link.file} is a link to ${link.target}, which is in the image and not in the workspace.`,
      hint: 'Have the commands copy the file instead of linking it.',
    }));
  const [folder] = folders;
  if (files.length > 0) return [];
  if (folder !== undefined)
    return [
      {
        output,
        isPartial: false,
        message: `The output "${name}" (${file}) ${glob === undefined ? 'is' : 'matches only'} a folder, ${folder}; only files are uploaded.`,
        hint: `For what is in it, write a glob: ${glob === undefined ? folder : file}/*`,
      },
    ];
  return [
    {
      output,
      isPartial: false,
      message: `The commands ended well, but did not write the output "${name}": ${glob === undefined ? `there is no ${file}` : `nothing matches ${file}`}.`,
      hint: `Have the commands write it. If it may be missing, call the output "${name}?".`,
    },
  ];
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

/** Files with the same base name and destination would overwrite one another. */
function targetsOf(
  found: readonly { readonly output: PlannedOutput; readonly files: readonly FoundFile[] }[],
): ReadonlyMap<string, Upload> {
  const targets = new Map<string, Upload>();
  for (const { output, files } of found) {
    for (const file of files) {
      const target = outputLocation(output, file.path);
      const uri = formatS3Uri(target);
      const other = targets.get(uri);
      if (other !== undefined && other.file.target !== file.target)
        throw new BclawError(
          'file-name-collision',
          `The files ${other.file.path} and ${file.path} would both become ${uri}.`,
          {
            hint: 'Give them different base names, or one of them another destination.',
          },
        );
      targets.set(uri, { output, file, target });
    }
  }
  return targets;
}
