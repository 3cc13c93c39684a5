import { join } from 'node:path';
import { BclawError, formatS3Uri } from '@bclaw/spec/run-time';
import type { ReferenceCache } from '../cache/reference-cache.js';
import type { PlannedReference } from '../step-plan.js';

/** Local file → its reference. */
export type ReferenceFiles = ReadonlyMap<string, PlannedReference>;

/**
 * Maps local files to references. Computed before anything is staged, because all jobs of the host share a reference's
 * file: an input written to its path would change the reference for all of them.
 *
 * @throws BclawError `file-name-collision` when two different references have the same base name
 */
export function referenceFiles(references: readonly PlannedReference[]): ReferenceFiles {
  const files = new Map<string, PlannedReference>();
  for (const reference of references) {
    const uri = formatS3Uri(reference.source);
    const other = files.get(reference.file);
    const otherUri = other === undefined ? uri : formatS3Uri(other.source);
    if (otherUri !== uri)
      throw new BclawError(
        'file-name-collision',
        `${otherUri} and ${uri} would both become the local file ${reference.file}.`,
        { hint: 'Give one of the references another name in S3.' },
      );
    files.set(reference.file, reference);
  }
  return files;
}

/**
 * Stages a step's references from the host's cache into the workspace.
 *
 * @param how see `ReferenceCache.stage`
 * @throws BclawError `missing-reference`, or a download's errors
 */
export async function stageReferences(
  cache: ReferenceCache,
  files: ReferenceFiles,
  directory: string,
  how: 'link' | 'copy',
): Promise<void> {
  await Promise.all(
    [...files].map(async ([file, { name, source }]) => {
      if (!(await cache.stage(source, join(directory, file), how)))
        throw new BclawError(
          'missing-reference',
          `The reference "${name}" is missing: there is no ${formatS3Uri(source)}.`,
        );
    }),
  );
}
