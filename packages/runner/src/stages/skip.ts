import { completionMarker, systemTag } from '@bclaw/spec/contract';
import type { S3Location } from '@bclaw/spec/run-time';
import type { RunnerJob } from '../runner-job.js';
import { outputLocation, type StepPlan } from '../step-plan.js';
import type { ObjectStore } from '../storage/object-store.js';

/** Why a step need not run. */
export type SkipReason = 'it ran to its end before' | 'all its outputs exist';

/** Whether the step has been done already, by its skip condition. */
export async function skipReason(
  store: ObjectStore,
  job: RunnerJob,
  stepName: string,
  plan: StepPlan,
): Promise<SkipReason | undefined> {
  switch (job.step.skip) {
    case 'never':
      return undefined;
    case 'rerun':
      return (await exists(store, markerOf(job.repository, stepName))) ? 'it ran to its end before' : undefined;
    case 'outputs': {
      // What a glob will match is not known beforehand, so such a step is never skipped.
      if (plan.outputs.length === 0 || plan.outputs.some(({ glob }) => glob !== undefined)) return undefined;
      const found = await Promise.all(plan.outputs.map((output) => exists(store, outputLocation(output, output.file))));
      return found.every(Boolean) ? 'all its outputs exist' : undefined;
    }
  }
}

/** Marks a step as complete for later runs of the job in the same repository. */
export async function markComplete(store: ObjectStore, job: RunnerJob, stepName: string): Promise<void> {
  await store.put(markerOf(job.repository, stepName), `${job.execution.arn}\n`, {
    tags: { [systemTag.key]: systemTag.value },
    metadata: { execution_id: job.execution.name },
  });
}

function markerOf({ bucket, key }: S3Location, stepName: string): S3Location {
  return { bucket, key: `${key === '' ? '' : `${key}/`}${completionMarker(stepName)}` };
}

async function exists(store: ObjectStore, location: S3Location): Promise<boolean> {
  return (await store.head(location)) !== undefined;
}
