import { isGlob } from '../glob.js';
import type { BatchStep, Step } from '../model.js';
import { nestedBlocks } from '../nested-blocks.js';
import { namedTargets } from './flow-targets.js';
import { declaredNames } from './named-files.js';
import type { Rule, RuleContext } from './rule.js';

/** An output, and the step of a block in which it is made. */
interface Written {
  readonly step: BatchStep;
  readonly name: string;
  readonly target: string;
}

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

/** An output by the step of a block that it is made in, and of which of its branches. */
interface Placed extends Written {
  readonly owner: Step;
  readonly branch: number;
}

/** Outputs with one target that are compared with a further one. */
const mostCompared = 10;

function checkBlock(block: readonly Step[], context: RuleContext): void {
  const byTarget = new Map<string, Placed[]>();
  for (const placed of block.flatMap(placedIn)) {
    const before = byTarget.get(placed.target) ?? [];
    const other = before.find((earlier) => earlier.step !== placed.step && canBothRun(earlier, placed, block, context));
    if (other !== undefined) tell(other, placed, context);
    if (before.length < mostCompared) before.push(placed);
    byTarget.set(placed.target, before);
  }
  for (const owner of block)
    if (owner.kind === 'native' || owner.kind === 'parallel-chooser')
      for (const nested of nestedBlocks(owner)) checkBlock(nested, context);
}

function placedIn(owner: Step): readonly Placed[] {
  const branches = owner.kind === 'native' || owner.kind === 'parallel-chooser' ? nestedBlocks(owner) : [[owner]];
  return branches.flatMap((steps, branch) =>
    steps.flatMap(writtenIn).map(({ step, name, target }) => ({ step, name, target, owner, branch })),
  );
}

/** The outputs of a step and of everything inside it that writes into the same repository. */
function writtenIn(step: Step): readonly Written[] {
  switch (step.kind) {
    case 'batch':
      return Object.entries(step.outputs).flatMap(([name, { file, dest = '' }]) =>
        isGlob(file) ? [] : [{ step, name, target: `${dest} ${baseName(file)}` }],
      );
    case 'native':
    case 'parallel-chooser':
      return nestedBlocks(step).flat().flatMap(writtenIn);
    case 'scatter':
    case 'subpipe':
    case 'chooser':
      return [];
  }
}

/** A file whose name only a job knows is the same as another one of the very same text. */
function baseName(file: string): string {
  return file.includes('${') ? file : file.slice(file.lastIndexOf('/') + 1);
}

/** Whether two outputs of a block may both be made in one execution: one leads to the other, or they are made side by side. */
function canBothRun(left: Placed, right: Placed, block: readonly Step[], context: RuleContext): boolean {
  if (left.owner !== right.owner)
    return leadsTo(left.owner, right.owner, block, context) || leadsTo(right.owner, left.owner, block, context);
  return left.branch !== right.branch && !mayExclude(left.owner, left.branch, right.branch);
}

/** Conditions of two branches may exclude each other. */
function mayExclude(step: Step, left: number, right: number): boolean {
  if (step.kind !== 'parallel-chooser') return false;
  return [left, right].every((branch) => step.branches[branch]?.if !== undefined);
}

function leadsTo(from: Step, to: Step, block: readonly Step[], { sourceOf }: RuleContext): boolean {
  const byName = new Map(block.map((step) => [step.name, step]));
  const seen = new Set<Step>();
  const waiting: Step[] = [from];
  for (let step = waiting.pop(); step !== undefined; step = waiting.pop()) {
    for (const name of [...namedTargets(step, sourceOf(step)).map((target) => target.name), step.next]) {
      const target = name === undefined ? undefined : byName.get(name);
      if (target === to) return true;
      if (target === undefined || seen.has(target)) continue;
      seen.add(target);
      waiting.push(target);
    }
  }
  return false;
}

function tell(earlier: Written, later: Written, { report, sourceOf }: RuleContext): void {
  const { step, name, target } = later;
  const declared = [...declaredNames(sourceOf(step)['outputs'], [...step.path, 'outputs'])];
  const path = declared.find((entry) => entry.name === name)?.path ?? step.path;
  report.warning(
    'overwritten-output',
    path,
    `\`${name}\` overwrites the file "${target.trim()}" of the step \`${earlier.step.name}\`.`,
    { hint: 'Give the file another name: otherwise a rerun takes one for the other.' },
  );
}
