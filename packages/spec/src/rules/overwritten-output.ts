import { followers, followersIn, nestedBlocks, reachableFrom } from '../flow.js';
import type { BatchStep, Step } from '../model.js';
import { isGlobTemplate } from '../substitution/files.js';
import { declaredNames } from './named-files.js';
import type { Rule, RuleContext } from './rule.js';

/**
 * Two steps of one execution that upload to the same key: the later step replaces the file of the earlier one, or, for
 * parallel steps, the result is random. Reruns and `skip_if_output_exists` then mistake one file for the other. Steps
 * of which a chooser runs only one may share a file. Branches of a scatter have repositories of their own.
 */
export const overwrittenOutput: Rule = (context) => {
  const outermost = [
    context.workflow.steps,
    ...context.steps.flatMap((step) => (step.kind === 'scatter' ? [step.steps] : [])),
  ];
  for (const block of outermost) checkBlock(block, context);
};

/** An output and the step that writes it: a batch step, which is a step of the block or in a branch of one. */
interface Placed {
  readonly step: BatchStep;
  readonly name: string;
  readonly target: string;
  readonly owner: Step;
  readonly branch: number;
}

/** Maximum number of outputs with one target that are compared with a further one. */
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

/** The outputs of a block's steps and of all nested steps that write into the same repository. */
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

/** Returns true if a step runs other steps in branches that write into its own repository. */
function hasBranches({ kind }: Step): boolean {
  return kind === 'native' || kind === 'parallel-chooser';
}

/** The base name; a name with a reference is only equal to the very same text. */
function baseName(file: string): string {
  return file.includes('${') ? file : file.slice(file.lastIndexOf('/') + 1);
}

/**
 * Returns true if one execution may write both outputs of a block: one leads to the other, or they are written in
 * parallel.
 */
function canBothRun(left: Placed, right: Placed, block: readonly Step[]): boolean {
  if (left.owner !== right.owner)
    return leadsTo(left.owner, right.owner, block) || leadsTo(right.owner, left.owner, block);
  return left.branch !== right.branch && !mayExclude(left.owner, left.branch, right.branch);
}

/** Returns true if the steps are in two branches whose conditions may exclude each other. */
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
