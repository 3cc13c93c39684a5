import type { Diagnostic, Step, Workflow } from '@bclaw/spec';
import type { CoreEnvironment } from './core-environment.js';
import { error } from './diagnostic.js';
import type { Job } from './job.js';
import { stepLogicalIds, stepNameParts } from './names.js';
import { compileBlock } from './states/block.js';
import { initializeState, initializeStateName } from './states/initialize.js';
import type { StateMachineDefinition } from './states-language.js';

/** A workflow's behaviour: its state machine, with a placeholder `${…}` for each job definition, and its jobs. */
export interface Behaviour {
  readonly definition: StateMachineDefinition;
  readonly jobs: readonly Job[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Compiles the steps; the result is the same for every stack and version. */
export function compileBehaviour(workflow: Workflow, core: CoreEnvironment): Behaviour {
  const names = stepNames(workflow.steps);
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
    diagnostics: [...reservedNames(workflow.steps), ...block.diagnostics],
  };
}

/** The names of all steps, nested ones too, in the template's order. */
function stepNames(steps: readonly Step[]): readonly string[] {
  return allSteps(steps).map((step) => step.name);
}

function allSteps(steps: readonly Step[]): readonly Step[] {
  return steps.flatMap((step) => [step, ...nestedBlocks(step).flatMap(allSteps)]);
}

function nestedBlocks(step: Step): readonly (readonly Step[])[] {
  switch (step.kind) {
    case 'scatter':
      return [step.steps];
    case 'native':
      return step.branches;
    case 'parallel-chooser':
      return step.branches.map((branch) => branch.steps);
    case 'batch':
    case 'subpipe':
    case 'chooser':
      return [];
    default:
      return step satisfies never;
  }
}

function reservedNames(steps: readonly Step[]): readonly Diagnostic[] {
  return allSteps(steps)
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
