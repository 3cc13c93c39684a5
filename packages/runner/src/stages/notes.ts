import { executionMetadata, type JobNote, noteName, systemTag } from '@bclaw/spec/contract';
import { objectIn } from '@bclaw/spec/run-time';
import type { RunnerLog } from '../log.js';
import type { RunnerJob } from '../runner-job.js';
import type { Settings } from '../settings.js';
import type { ObjectStore } from '../storage/object-store.js';

export type NoteContent = { readonly kind: 'skipped' } | { readonly kind: 'missing-output'; readonly output: string };

/** Leaves a note for those who ask for the job's status. Only unusual results have one. */
export async function writeNote(
  content: NoteContent,
  job: RunnerJob,
  { store, settings, log }: { readonly store: ObjectStore; readonly settings: Settings; readonly log: RunnerLog },
): Promise<void> {
  const { mainRepository, index, execution } = job;
  const note: JobNote = {
    execution: execution.name,
    step: settings.stepName,
    index,
    jobId: settings.jobId,
    ...content,
  };
  try {
    await store.put(objectIn(mainRepository, noteName(note)), '', {
      tags: { [systemTag.key]: systemTag.value },
      metadata: { [executionMetadata]: execution.name },
    });
  } catch (error) {
    // The job's result does not depend on it.
    const reason = error instanceof Error ? error.message : String(error);
    log.warning(`The status of the job will not tell of this: ${reason}`, { stage: content.kind });
  }
}
