import type { JobStep } from '@bclaw/spec';
import { type Fields, told } from './fields.js';
import { type JobFacts, jobFields, type ReadObject, readStep } from './job-fields.js';
import type { ParsedDefinition, StateStep } from './state-steps.js';
import type { StepView, WorkflowView } from './workflow-view.js';

/** Locations of the job definitions of a state machine's steps, and of the data that is stored outside them. */
export interface JobSource {
  /** Key: the name in the states, which is an ARN or a placeholder for one. */
  readonly jobs: ReadonlyMap<string, JobFacts>;
  readonly readObject: ReadObject;
}

/** Joins the fields that the state machine and the job definitions have for the same steps. */
export async function joinView(
  { steps, settings, platform }: ParsedDefinition,
  source: JobSource,
  more: Fields,
): Promise<WorkflowView> {
  const [anyJob] = source.jobs.values();
  return {
    steps: await Promise.all(steps.map((step) => stepView(step, source))),
    settings,
    platform: told({
      "runner's image": anyJob?.runnerImage,
      'execution role of the jobs': anyJob?.executionRole,
      ...platform,
      ...more,
    }),
  };
}

async function stepView({ job, ...step }: StateStep, { jobs, readObject }: JobSource): Promise<StepView> {
  const facts = job === undefined ? undefined : jobs.get(job.definition);
  if (job === undefined || facts === undefined) return step;
  const own: JobStep | undefined = job.step === undefined ? facts.step : await readStep(job.step, readObject);
  return own === undefined ? step : { ...step, fields: { ...jobFields(facts, own), ...step.fields } };
}
