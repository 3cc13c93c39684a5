import type { TemplatePath } from '../diagnostics.js';
import type { Step } from '../model.js';
import { isMap, type PlainMap } from '../syntax/document.js';
import type { RuleContext } from './rule.js';

/** A step that another one names as one that may follow it. */
export interface FlowTarget {
  readonly name: string;
  /** Where the step names it. */
  readonly at: TemplatePath;
}

/**
 * The steps that a step names as ones that may follow it: by `next`, by its choices, and by the `Catch` of a native step,
 * whose `Next` the States Language wants to be a state beside it.
 *
 * @param source the step as the template has it, so that broken choices hide no sound ones
 */
export function namedTargets(step: Step, source: PlainMap): FlowTarget[] {
  const own = typeof source['next'] === 'string' ? [{ name: source['next'], at: ['next'] }] : [];
  switch (step.kind) {
    case 'chooser':
      return targetsIn(source['choices'], 'next', ['choices']);
    case 'native':
      return [...own, ...targetsIn(source['Catch'], 'Next', ['Catch'])];
    case 'batch':
    case 'scatter':
    case 'subpipe':
    case 'parallel-chooser':
      return own;
  }
}

/** The names of the steps that may follow a step: those it names, and the one after it in the block's order. */
export function followers(step: Step, source: PlainMap): readonly string[] {
  const named = namedTargets(step, source).map(({ name }) => name);
  return step.next === undefined ? named : [...named, step.next];
}

/** Whether it is known what follows what in a block: not where a broken step or a misspelt target would have led. */
export function isFlowKnown(block: readonly Step[], { isIncomplete, sourceOf }: RuleContext): boolean {
  const names = new Set(block.map(({ name }) => name));
  return block.every((step) => !isIncomplete(step) && followers(step, sourceOf(step)).every((name) => names.has(name)));
}

/** The texts under a key of a map, or of every map of a list. */
function targetsIn(value: unknown, key: string, at: TemplatePath): FlowTarget[] {
  if (Array.isArray(value)) return value.flatMap((item: unknown, index) => targetsIn(item, key, [...at, index]));
  if (!isMap(value)) return [];
  const name = value[key];
  return typeof name === 'string' ? [{ name, at: [...at, key] }] : [];
}
