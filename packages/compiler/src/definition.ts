import { allSteps, type BatchStep, type Diagnostic, type Workflow } from '@bclaw/spec';
import { initializeStateName } from '@bclaw/spec/contract';
import type { Sha256 } from './canonical.js';
import { checkGpuQueues } from './checks/gpu-queues.js';
import { reservedStepNames } from './checks/reserved-names.js';
import type { CoreEnvironment } from './core-environment.js';
import { checkImage, type Images, imageOf } from './jobs/images.js';
import { compileJob, type Job } from './jobs/job.js';
import { jobFrames } from './jobs/job-frame.js';
import { arrangeJobs, type StepJob } from './jobs/shared-jobs.js';
import type { Upload } from './jobs/upload.js';
import { stepLogicalIds, stepNameParts } from './names.js';
import { compileNested } from './states/block.js';
import { initializeState } from './states/initialize.js';
import type { StateMachineDefinition } from './states-language.js';

/** The behaviour of a workflow: its state machine, with a placeholder `${…}` for each job definition, and its jobs. */
export interface Behaviour {
  readonly definition: StateMachineDefinition;
  /** The same as JSON; equal workflows have equal text. */
  readonly definitionText: string;
  /** SHA-256 of the text. */
  readonly definitionDigest: string;
  readonly jobs: readonly Job[];
  /** Steps that are too large for their job definitions, to be read by the jobs. */
  readonly uploads: readonly Upload[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Compiles the steps; the result is the same for every stack and version. */
export function compileBehaviour(workflow: Workflow, core: CoreEnvironment, images: Images, digest: Sha256): Behaviour {
  const steps = allSteps(workflow);
  const batchSteps = steps.filter((step) => step.kind === 'batch');
  const names = steps.map((step) => step.name);
  const logicalId = stepLogicalIds(names);
  const namePart = stepNameParts(names);
  const frameOf = jobFrames(core);
  const compiled = batchSteps.map((step) =>
    compileJob(step, frameOf(step), core, {
      logicalId: `${logicalId(step.name)}JobDefinition`,
      namePart: namePart(step.name),
      image: imageOf(step, workflow.options, images),
    }),
  );
  const jobs = arrangeJobs(compiled, core);
  const definition = compileNested(workflow.steps, { core, depth: 0, job: jobOf(jobs.ofStep) }, [
    [initializeStateName, initializeState(workflow, core)],
  ]);
  const definitionText = JSON.stringify(definition);
  return {
    definition,
    definitionText,
    definitionDigest: digest(definitionText),
    jobs: jobs.definitions,
    uploads: jobs.uploads,
    diagnostics: [
      ...reservedStepNames(steps),
      ...checkGpuQueues(batchSteps, core),
      ...imageDiagnostics(batchSteps, workflow, images),
    ],
  };
}

const jobOf = (jobs: ReadonlyMap<string, StepJob>) => (stepName: string) => {
  const job = jobs.get(stepName);
  // Not an error of the template: every batch step's job has been compiled.
  if (job === undefined) throw new Error(`The step "${stepName}" has no job definition.`);
  return job;
};

const imageDiagnostics = (steps: readonly BatchStep[], { options }: Workflow, images: Images): readonly Diagnostic[] =>
  steps.flatMap((step) => checkImage(step, options, images));
