import { copyFile, link } from 'node:fs/promises';
import { join } from 'node:path';
import { BclawError, formatS3Uri } from '@bclaw/spec';
import type { ReferenceCache } from '../cache/reference-cache.js';
import type { PlannedReference } from '../step-plan.js';

/**
 * Links a step's references from the host's cache into the workspace.
 *
 * @throws BclawError `missing-reference`, `file-name-collision`, or what a download throws
 */
export async function stageReferences(
  cache: ReferenceCache,
  references: readonly PlannedReference[],
  directory: string,
): Promise<Readonly<Record<string, readonly string[]>>> {
  const cached = await Promise.all(
    references.map(async (reference) => {
      const path = await cache.fetch(reference.source);
      if (path === undefined)
        throw new BclawError(
          'missing-reference',
          `The reference "${reference.name}" is missing: there is no ${formatS3Uri(reference.source)}.`,
        );
      return { reference, path };
    }),
  );
  const files: Record<string, readonly string[]> = {};
  for (const { reference, path } of cached) {
    await linkInto(path, join(directory, reference.file), reference);
    files[reference.name] = [reference.file];
  }
  return files;
}

async function linkInto(cached: string, target: string, reference: PlannedReference): Promise<void> {
  try {
    await link(cached, target);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EEXIST')
      throw new BclawError(
        'file-name-collision',
        `The reference "${reference.name}" and another file of this step are both called ${reference.file}.`,
      );
    // Not every file system has hard links, or enough of them for one file.
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'EMLINK' && code !== 'EXDEV') throw error;
    await copyFile(cached, target);
  }
}
