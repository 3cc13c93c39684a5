import { type Fields, told } from './fields.js';
import { type JobFacts, jobFields } from './job-fields.js';
import type { ParsedDefinition } from './state-steps.js';
import type { WorkflowView } from './workflow-view.js';

/** Puts together what state machine and job definitions say about the same steps. */
export function joinView(
  { steps, settings, platform }: ParsedDefinition,
  jobs: ReadonlyMap<string, JobFacts>,
  more: Fields,
): WorkflowView {
  const [anyJob] = jobs.values();
  return {
    steps: steps.map((step) => {
      const job = jobs.get(step.name);
      return job === undefined ? step : { ...step, fields: { ...jobFields(job), ...step.fields } };
    }),
    settings,
    platform: told({
      "runner's image": anyJob?.runnerImage,
      'execution role of the jobs': anyJob?.executionRole,
      ...platform,
      ...more,
    }),
  };
}
