import type { Diagnostic, Step, Workflow } from '@bclaw/spec';
import { initializeStateName } from '@bclaw/spec/contract';
import type { Template } from '../cloudformation.js';
import { error } from './diagnostic.js';

/** Returns `reserved-step-name` for each step with the name of a state that every workflow gets. */
export function reservedStepNames(steps: readonly Step[]): readonly Diagnostic[] {
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

/**
 * Returns `reserved-parameter-name` for each parameter with the name of a resource: CloudFormation has one namespace
 * for both.
 */
export function reservedParameterNames(workflow: Workflow, template: Template): readonly Diagnostic[] {
  return Object.keys(workflow.parameters)
    .filter((name) => Object.hasOwn(template.Resources, name))
    .map((name) =>
      error(
        'reserved-parameter-name',
        ['Parameters', name],
        `A parameter cannot be called "${name}": a resource of the workflow's stack has that name.`,
        `Choose another name, such as "${name}Value".`,
      ),
    );
}
