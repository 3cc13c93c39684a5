import { executionMetadata, completionMarker as markerName, systemTag } from '@bclaw/spec/contract';
import { given } from '@bclaw/spec/given';
import {
  type CompletionMarker,
  objectIn,
  parseCompletionMarker,
  type S3Location,
  type WrittenOutput,
} from '@bclaw/spec/run-time';
import type { RunnerJob } from '../runner-job.js';
import { outputLocation, type StepPlan } from '../step-plan.js';
import type { ObjectStore } from '../storage/object-store.js';
import { readText } from '../storage/read-text.js';
import { type Fingerprint, fingerprintParts } from './fingerprint.js';
import { writtenOutputs } from './outputs.js';

/** The decision to skip a step, or the reason why it runs again. */
export type SkipDecision =
  | {
      readonly skips: true;
      readonly reason: string;
      /** The files that its outputs stood for when it ran. */
      readonly outputs: readonly WrittenOutput[];
    }
  | { readonly skips: false; readonly reason?: string };

/**
 * Checks a step's skip condition to see if it is already done.
 *
 * @param fingerprint of the coming run; for a step that skips a rerun
 */
export async function skipDecision(
  store: ObjectStore,
  job: RunnerJob,
  stepName: string,
  plan: StepPlan,
  fingerprint: Fingerprint | undefined,
): Promise<SkipDecision> {
  if (fingerprint !== undefined)
    return compared(await readText(store, markerOf(job.repository, stepName)), fingerprint, plan);
  // The matches of a glob are not known in advance, so such a step is never skipped.
  if (job.step.skip !== 'outputs' || plan.outputs.length === 0 || plan.outputs.some(({ glob }) => glob !== undefined))
    return { skips: false };
  const found = await Promise.all(plan.outputs.map((output) => exists(store, outputLocation(output, output.file))));
  return found.every(Boolean)
    ? { skips: true, reason: 'all its outputs exist', outputs: writtenOutputs(plan.outputs) }
    : { skips: false };
}

/** @param marker the text of the completion marker, if it exists */
function compared(marker: string | undefined, fingerprint: Fingerprint, plan: StepPlan): SkipDecision {
  if (marker === undefined) return { skips: false };
  const before = parseCompletionMarker(marker);
  const ran = before?.ran;
  if (ran === undefined) return { skips: false, reason: 'it ran before, but what it ran was not taken down' };
  const changed = fingerprintParts.filter((part) => Reflect.get(ran, part) !== fingerprint[part]);
  return changed.length === 0
    ? { skips: true, reason: 'it ran to its end before', outputs: before?.outputs ?? writtenOutputs(plan.outputs) }
    : { skips: false, reason: `it ran before with other ${changed.join(', ')}` };
}

/** Marks a step as complete, for the next steps and for later runs of the job in the same repository. */
export async function markComplete(
  store: ObjectStore,
  job: RunnerJob,
  stepName: string,
  fingerprint: Fingerprint | undefined,
  outputs: readonly WrittenOutput[],
): Promise<void> {
  const marker: CompletionMarker = {
    execution: job.execution.arn,
    ...given({ ran: fingerprint }),
    outputs,
  };
  await store.put(markerOf(job.repository, stepName), `${JSON.stringify(marker)}\n`, {
    tags: { [systemTag.key]: systemTag.value },
    metadata: { [executionMetadata]: job.execution.name },
  });
}

function markerOf(repository: S3Location, stepName: string): S3Location {
  return objectIn(repository, markerName(stepName));
}

async function exists(store: ObjectStore, location: S3Location): Promise<boolean> {
  return (await store.head(location)) !== undefined;
}
