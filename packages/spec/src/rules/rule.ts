import type { TemplatePath } from '../diagnostics.js';
import { nestedBlocks } from '../flow.js';
import type { Step, Workflow } from '../model.js';
import type { Normalised } from '../normalise/workflow.js';
import type { Report } from '../report.js';

/** The input of a rule: the normalised workflow and the data it was made from. */
export interface RuleContext extends Normalised {
  readonly report: Report;
  /** Every block of steps: the top level first, then nested ones in order. */
  readonly blocks: readonly (readonly Step[])[];
  /** Every step; nested ones after the step that contains them. */
  readonly steps: readonly Step[];
  /**
   * A number as written in the template; undefined when no number is written oddly, or when the template came without
   * text.
   */
  readonly sourceNumberAt: (path: TemplatePath) => string | undefined;
}

/**
 * One check of a whole workflow beyond the shape of its parts. It is explained in docs/diagnostics.md, under its code.
 */
export type Rule = (context: RuleContext) => void;

/** Every block of steps of a workflow: the top level first, then nested ones in order. */
export function allBlocks(workflow: Workflow): readonly (readonly Step[])[] {
  const found: (readonly Step[])[] = [];
  const visit = (block: readonly Step[]): void => {
    found.push(block);
    for (const step of block) for (const nested of nestedBlocks(step)) visit(nested);
  };
  visit(workflow.steps);
  return found;
}

/** Every step of a workflow; nested ones after the block that contains them. */
export function allSteps(workflow: Workflow): readonly Step[] {
  return stepsOf(allBlocks(workflow));
}

/** The steps of blocks, in order. */
export function stepsOf(blocks: readonly (readonly Step[])[]): readonly Step[] {
  const found: Step[] = [];
  for (const block of blocks) for (const step of block) found.push(step);
  return found;
}
