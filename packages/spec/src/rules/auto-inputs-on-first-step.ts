import type { Step } from '../model.js';
import type { Rule } from './rule.js';

/**
 * A step without `inputs` takes the outputs of the previous step. The first step of a workflow, and of a scatter's
 * branch, has none. (The first step of a Parallel's branch gets those of the step before the Parallel.)
 */
export const autoInputsOnFirstStep: Rule = ({ steps, workflow, report, isIncomplete }) => {
  const check = (step: Step | undefined): void => {
    if (step?.kind === 'batch' && step.inputs === 'auto' && !isIncomplete(step))
      report.warning(
        'auto-inputs-on-first-step',
        step.path,
        `\`${step.name}\` has no \`inputs\`, and there is no step before it whose outputs it could take.`,
        { hint: 'Write `inputs: {}` when it needs none.', spot: 'key' },
      );
  };
  check(workflow.steps[0]);
  for (const step of steps) if (step.kind === 'scatter') check(step.steps[0]);
};
