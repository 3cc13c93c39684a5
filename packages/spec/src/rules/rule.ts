import type { Step, Workflow } from '../model.js';
import { nestedBlocks } from '../nested-blocks.js';
import type { Normalised } from '../normalise/workflow.js';
import type { Report } from '../report.js';

/** What a rule sees: the normalised workflow and how it came about. */
export interface RuleContext extends Normalised {
  readonly report: Report;
}

/** One check of a whole workflow beyond the shape of its parts. Its explanation is in docs/diagnostics.md, under its code. */
export type Rule = (context: RuleContext) => void;

/** Every block of steps of a workflow: the top level first, then nested ones in order. */
export function* blocks(workflow: Workflow): Generator<readonly Step[]> {
  yield* blocksOf(workflow.steps);
}

function* blocksOf(steps: readonly Step[]): Generator<readonly Step[]> {
  yield steps;
  for (const step of steps) for (const block of nestedBlocks(step)) yield* blocksOf(block);
}

/** Every step of a workflow, nested ones after the step that holds them. */
export function* allSteps(workflow: Workflow): Generator<Step> {
  for (const block of blocks(workflow)) yield* block;
}
