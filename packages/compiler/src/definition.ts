import type { Diagnostic, Step, Workflow } from '@bclaw/spec';
import type { CoreEnvironment } from './core-environment.js';
import { error } from './diagnostic.js';
import type { Job } from './job.js';
import { stepLogicalIds, stepNameParts } from './names.js';
import { compileBlock } from './states/block.js';
import { initializeState, initializeStateName } from './states/initialize.js';
import type { StateMachineDefinition } from './states-language.js';
import { allSteps } from './steps.js';

/** A workflow's behaviour: its state machine, with a placeholder `${…}` for each job definition, and its jobs. */
export interface Behaviour {
  readonly definition: StateMachineDefinition;
  readonly jobs: readonly Job[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Compiles the steps; the result is the same for every stack and version. */
export function compileBehaviour(workflow: Workflow, core: CoreEnvironment): Behaviour {
  const steps = allSteps(workflow.steps);
  const names = steps.map((step) => step.name);
  const block = compileBlock(workflow.steps, {
    core,
    branch: false,
    logicalId: stepLogicalIds(names),
    namePart: stepNameParts(names),
  });
  return {
    definition: {
      StartAt: initializeStateName,
      States: { [initializeStateName]: initializeState(workflow, core), ...block.states },
    },
    jobs: block.jobs,
    diagnostics: [...reservedNames(steps), ...block.diagnostics],
  };
}

function reservedNames(steps: readonly Step[]): readonly Diagnostic[] {
  return steps
    .filter((step) => step.name === initializeStateName)
    .map((step) =>
      error(
        'reserved-step-name',
        step.path,
        `A step cannot be called "${initializeStateName}": every workflow's first state has that name.`,
        'Choose another name, such as "prepare".',
      ),
    );
}
