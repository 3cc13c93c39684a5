import { join } from 'node:path';
import { BclawError, formatS3Uri } from '@bclaw/spec/run-time';
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
  const staged = await Promise.all(
    references.map(async (reference) => {
      if (!(await stage(cache, reference, directory)))
        throw new BclawError(
          'missing-reference',
          `The reference "${reference.name}" is missing: there is no ${formatS3Uri(reference.source)}.`,
        );
      return [reference.name, [reference.file]] as const;
    }),
  );
  return Object.fromEntries(staged);
}

async function stage(cache: ReferenceCache, reference: PlannedReference, directory: string): Promise<boolean> {
  try {
    return await cache.stage(reference.source, join(directory, reference.file));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST')
      throw new BclawError(
        'file-name-collision',
        `The reference "${reference.name}" and another file of this step are both called ${reference.file}.`,
        { remedy: 'Give one of them another name.' },
      );
    throw error;
  }
}
