import { followers, followersIn, nestedBlocks, reachableFrom } from '../flow.js';
import type { BatchStep, Step } from '../model.js';
import { isGlobTemplate } from '../substitution/files.js';
import { declaredNames } from './named-files.js';
import type { Rule, RuleContext } from './rule.js';

/**
 * Two steps of one execution that upload to the same key: the later one replaces the file of the earlier one, or, side by side,
 * chance decides. Reruns and `skip_if_output_exists` then take the one for the other. Steps of which only one can run, as a
 * chooser decides, may share a file. Branches of a scatter have repositories of their own.
 */
export const overwrittenOutput: Rule = (context) => {
  const outermost = [
    context.workflow.steps,
    ...context.steps.flatMap((step) => (step.kind === 'scatter' ? [step.steps] : [])),
  ];
  for (const block of outermost) checkBlock(block, context);
};

/** An output, and where it is made: by a batch step, which stands in a branch of a step of the block or is that step itself. */
interface Placed {
  readonly step: BatchStep;
  readonly name: string;
  readonly target: string;
  readonly owner: Step;
  readonly branch: number;
}

/** Outputs with one target that are compared with a further one. */
const mostCompared = 10;

function checkBlock(block: readonly Step[], context: RuleContext): void {
  const byTarget = new Map<string, Placed[]>();
  for (const placed of placedIn(block)) {
    const before = byTarget.get(placed.target);
    if (before === undefined) {
      byTarget.set(placed.target, [placed]);
      continue;
    }
    const other = before.find((earlier) => earlier.step !== placed.step && canBothRun(earlier, placed, block));
    if (other !== undefined) tell(other, placed, context);
    if (before.length < mostCompared) before.push(placed);
  }
  for (const owner of block)
    if (hasBranches(owner)) for (const nested of nestedBlocks(owner)) checkBlock(nested, context);
}

/** The outputs of a block's steps and of everything inside them that writes into the same repository. */
function placedIn(block: readonly Step[]): readonly Placed[] {
  const found: Placed[] = [];
  for (const owner of block) {
    if (owner.kind === 'batch') place(owner, owner, 0, found);
    else if (hasBranches(owner))
      for (const [branch, steps] of nestedBlocks(owner).entries())
        for (const step of steps) place(step, owner, branch, found);
  }
  return found;
}

function place(step: Step, owner: Step, branch: number, found: Placed[]): void {
  if (step.kind === 'batch')
    for (const [name, { file, dest = '' }] of Object.entries(step.outputs)) {
      if (!isGlobTemplate(file)) found.push({ step, name, target: `${dest} ${baseName(file)}`, owner, branch });
    }
  else if (hasBranches(step))
    for (const nested of nestedBlocks(step)) for (const inner of nested) place(inner, owner, branch, found);
}

/** Whether a step runs other ones in branches that write into its own repository. */
function hasBranches({ kind }: Step): boolean {
  return kind === 'native' || kind === 'parallel-chooser';
}

/** A file whose name only a job knows is the same as another one of the very same text. */
function baseName(file: string): string {
  return file.includes('${') ? file : file.slice(file.lastIndexOf('/') + 1);
}

/** Whether two outputs of a block may both be made in one execution: one leads to the other, or they are made side by side. */
function canBothRun(left: Placed, right: Placed, block: readonly Step[]): boolean {
  if (left.owner !== right.owner)
    return leadsTo(left.owner, right.owner, block) || leadsTo(right.owner, left.owner, block);
  return left.branch !== right.branch && !mayExclude(left.owner, left.branch, right.branch);
}

/** Conditions of two branches may exclude each other. */
function mayExclude(step: Step, left: number, right: number): boolean {
  if (step.kind !== 'parallel-chooser') return false;
  return [left, right].every((branch) => step.branches[branch]?.if !== undefined);
}

function leadsTo(from: Step, to: Step, block: readonly Step[]): boolean {
  return reachableFrom(followers(from), followersIn(block)).has(to.name);
}

function tell(earlier: Placed, later: Placed, { report, sourceOf }: RuleContext): void {
  const { step, name, target } = later;
  const declared = declaredNames(sourceOf(step)['outputs']).find((entry) => entry.name === name);
  const path = declared === undefined ? step.path : [...step.path, 'outputs', ...declared.at];
  report.warning(
    'overwritten-output',
    path,
    `\`${name}\` overwrites the file "${target.trim()}" of the step \`${earlier.step.name}\`.`,
    { hint: 'Give the file another name: otherwise a rerun takes one for the other.' },
  );
}
