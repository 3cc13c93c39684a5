import { jobVariables } from '../contract.js';
import { nestedBlocks } from '../flow.js';
import type { ScatterSource, ScatterStep, Step } from '../model.js';
import { nearest } from '../nearest.js';
import { references } from '../substitution/references.js';
import { runTimeReference } from '../substitution/run-time.js';
import { sourceNames } from './named-files.js';
import type { Rule, RuleContext } from './rule.js';

/**
 * Branches that do not use the value that distinguishes them all do the same work. (Those that number their results by
 * `BC_BRANCH_IDX` do so on purpose; the values that native steps and sub-workflows use are not known.)
 */
export const unusedScatterValue: Rule = (context) => {
  const { steps, report, sourceOf } = context;
  for (const step of steps) {
    if (step.kind !== 'scatter' || context.isIncomplete(step)) continue;
    const used = namesUsed(step, context);
    if (used === 'unknown') continue;
    // If a similar name is used, that is a misspelling, which is reported at its use: unknown-name.
    for (const { name, at } of sourceNames(sourceOf(step)['scatter']))
      if (!used.has(name) && nearest(name, used) === undefined && hasSeveralItems(step.scatter[name]))
        report.warning(
          'unused-scatter-value',
          [...step.path, 'scatter', ...at],
          `No step of \`${step.name}\` uses \`\${scatter.${name}}\`.`,
          {
            hint: 'Use it, or remove it: without it, branches do the same work again and write the same files.',
            spot: 'key',
          },
        );
  }
};

/** Returns true if a source may have several items, so that branches differ in its value. */
function hasSeveralItems(source: ScatterSource | undefined): boolean {
  if (source === undefined) return false;
  const items = typeof source === 'object' && 'from' in source ? source.from : source;
  return typeof items === 'string' || items.length > 1;
}

/** The scatter values that the steps inside a scatter use, as far as they are known. */
function namesUsed(scatter: ScatterStep, context: RuleContext): ReadonlySet<string> | 'unknown' {
  const inside = nestedBlocks(scatter).flat().flatMap(withNested);
  const used = new Set<string>();
  for (const step of inside) {
    if (step.kind === 'native' || step.kind === 'subpipe' || context.isIncomplete(step)) return 'unknown';
    if (step.kind === 'batch' && step.commands.some((command) => command.includes(jobVariables.branch)))
      return 'unknown';
    for (const { text, use } of context.textsOf(step)) {
      if (use === 'expression' && /\bscatter\b/.test(text)) return 'unknown';
      for (const { content } of references(text)) {
        const reference = runTimeReference(content);
        if (reference?.scope === 'all' && /\bscatter\b/.test(reference.path)) return 'unknown';
        if (reference?.scope !== 'scatter') continue;
        const name = /^"?([\w-]+)/.exec(reference.path)?.[1];
        if (name === undefined) return 'unknown';
        used.add(name);
      }
    }
  }
  return used;
}

function withNested(step: Step): readonly Step[] {
  return [step, ...nestedBlocks(step).flat().flatMap(withNested)];
}
