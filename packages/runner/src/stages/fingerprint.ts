import { createHash } from 'node:crypto';
import { basename } from 'node:path/posix';
import { type EarlierFiles, formatS3Uri, type S3Location } from '@bclaw/spec/run-time';
import type { RunnerJob } from '../runner-job.js';
import type { StepPlan } from '../step-plan.js';
import type { ObjectStore } from '../storage/object-store.js';
import { sourcesOf } from './inputs.js';
import { commandFiles, scriptOf } from './script.js';

/** The parts that determine a step's result, each as a digest; a difference in any part is a reason to run again. */
export const fingerprintParts = ['image', 'shell', 'commands', 'inputs', 'references', 'outputs', 'checks'] as const;

export type Fingerprint = Readonly<Record<(typeof fingerprintParts)[number], string>>;

/**
 * Computes a step's fingerprint: its image, shell and commands with the job's data substituted, the current ETags of
 * its inputs and references, its named outputs and its QC checks.
 *
 * @throws BclawError as {@link scriptOf}, or S3's errors
 */
export async function fingerprintOf(
  store: ObjectStore,
  job: RunnerJob,
  plan: StepPlan,
  earlier: EarlierFiles,
): Promise<Fingerprint> {
  const { step, data } = job;
  const etag = async (location: S3Location) => {
    const object = await store.head(location);
    return object === undefined || (await earlier.has(location, object)) ? '' : object.etag;
  };
  const inputs = await Promise.all(
    plan.inputs.map(async (input) => {
      const sources = await sourcesOf(store, input, earlier);
      return {
        name: input.name,
        objects: await Promise.all(sources.map(async (at) => [formatS3Uri(at), await etag(at)])),
        sources,
      };
    }),
  );
  const references = await Promise.all(
    plan.references.map(async ({ name, source }) => [name, formatS3Uri(source), await etag(source)]),
  );
  const staged = Object.fromEntries(inputs.map(({ name, sources }) => [name, sources.map(({ key }) => basename(key))]));
  return {
    image: digest(plan.image.name),
    shell: digest(step.shell),
    commands: digest(scriptOf(step, data, commandFiles(plan, staged))),
    inputs: digest(inputs.map(({ name, objects }) => [name, objects])),
    references: digest(references),
    outputs: digest(plan.outputs),
    checks: digest(step.qc),
  };
}

function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
