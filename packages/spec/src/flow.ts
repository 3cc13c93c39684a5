import type { TemplatePath } from './diagnostics.js';
import { stepKinds } from './kinds/index.js';
import type { Step } from './model.js';
import { isMap, type PlainMap } from './syntax/document.js';

/**
 * The names of the steps that may follow a step in the same block: the targets of its choices and of its `Catch`, and
 * its `next`, which also represents the order of the block.
 */
export function followers(step: Step): readonly string[] {
  const next = step.next === undefined ? [] : [step.next];
  switch (step.kind) {
    case 'chooser':
      return [...step.choices.map((choice) => choice.next), ...next];
    case 'native':
      return [...step.catch.map((catcher) => catcher.next), ...next];
    case 'batch':
    case 'scatter':
    case 'subpipe':
    case 'parallel-chooser':
      return next;
    default:
      return step satisfies never;
  }
}

/** The names of the steps of a block that can be reached from its first step. */
export function reachable(block: readonly Step[]): ReadonlySet<string> {
  return reachableFrom(
    block.slice(0, 1).map(({ name }) => name),
    followersIn(block),
  );
}

/** For each name of a step of a block, the names of its {@link followers}. */
export function followersIn(block: readonly Step[]): (name: string) => readonly string[] | undefined {
  const byName = new Map(block.map((step) => [step.name, followers(step)]));
  return (name) => byName.get(name);
}

/**
 * Returns every name that can be reached from `starts`, including the starts, depth first.
 *
 * @param next the names that follow a name; undefined for an unknown name
 */
export function reachableFrom(
  starts: readonly string[],
  next: (name: string) => readonly string[] | undefined,
): Set<string> {
  const reached = new Set<string>();
  const waiting = starts.toReversed();
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const following = reached.has(name) ? undefined : next(name);
    if (following === undefined) continue;
    reached.add(name);
    waiting.push(...following.toReversed());
  }
  return reached;
}

/**
 * For each step of a block, the steps whose outputs it may get as previous outputs: on every path that leads to it,
 * skipping the steps that only pass outputs on. Unreachable steps are not among the keys.
 *
 * @param first the steps whose outputs the block's first step gets: none, except for a block inside a step that passes
 * outputs on
 */
export function stepsBefore(
  block: readonly Step[],
  first: ReadonlySet<Step> = new Set(),
): ReadonlyMap<string, ReadonlySet<Step>> {
  const byName = new Map(block.map((step) => [step.name, step]));
  const before = new Map<string, Set<Step>>();
  const waiting = block.slice(0, 1).map((step) => ({ step, handed: first }));
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { step, handed } = next;
    const known = before.get(step.name);
    if (known !== undefined && [...handed].every((earlier) => known.has(earlier))) continue;
    const all = new Set([...(known ?? []), ...handed]);
    before.set(step.name, all);
    const following = handsOn(step) ? all : new Set([step]);
    for (const name of followers(step)) {
      const follower = byName.get(name);
      if (follower !== undefined) waiting.push({ step: follower, handed: following });
    }
  }
  return before;
}

/** Returns true if a step passes the previous outputs on to the step after it. */
function handsOn(step: Step): boolean {
  switch (step.kind) {
    case 'batch':
    case 'scatter':
    case 'subpipe':
      return false;
    case 'native':
    case 'chooser':
    case 'parallel-chooser':
      return true;
    default:
      return step satisfies never;
  }
}

/** The blocks directly inside a step. */
export function nestedBlocks(step: Step): readonly (readonly Step[])[] {
  return stepKinds[step.kind].blocks(step);
}

/** Returns the same step with its direct blocks replaced by the results of `change`. */
export function withNestedBlocks(step: Step, change: (block: readonly Step[]) => readonly Step[]): Step {
  return stepKinds[step.kind].withBlocks(step, change);
}

/** A step that another one names as a possible next step. */
export interface FlowTarget {
  readonly name: string;
  /** The place of the name inside the step. */
  readonly at: TemplatePath;
}

/**
 * The steps that a step names as possible next steps, with the place of each name: {@link followers} without those that
 * follow only by the order of the block.
 *
 * @param source the step as written in the template, so that a broken choice does not hide the others
 */
export function namedTargets(step: Step, source: PlainMap): readonly FlowTarget[] {
  const own = typeof source['next'] === 'string' ? [{ name: source['next'], at: ['next'] }] : [];
  switch (step.kind) {
    case 'chooser':
      return [...own, ...targetsIn(source['choices'], 'next', ['choices'])];
    case 'native':
      return [
        ...own,
        ...targetsIn(source['Next'] === undefined ? [] : source, 'Next', []),
        ...targetsIn(source['Catch'], 'Next', ['Catch']),
      ];
    case 'batch':
    case 'scatter':
    case 'subpipe':
    case 'parallel-chooser':
      return own;
    default:
      return step satisfies never;
  }
}

/** The texts under a key of a map, or of every map of a list. */
function targetsIn(value: unknown, key: string, at: TemplatePath): FlowTarget[] {
  if (Array.isArray(value)) return value.flatMap((item: unknown, index) => targetsIn(item, key, [...at, index]));
  if (!isMap(value)) return [];
  const name = value[key];
  return typeof name === 'string' ? [{ name, at: [...at, key] }] : [];
}
