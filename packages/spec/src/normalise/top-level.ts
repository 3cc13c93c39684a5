import { didYouMean } from '../nearest.js';
import type { Report } from '../report.js';
import { topLevel } from '../schema/workflow.js';
import type { PlainMap } from '../syntax/document.js';

export type TopLevelKey = keyof typeof topLevel;

/** An entry of the top level, with its key as written in the template. */
export interface TopLevelEntry {
  readonly written: string;
  readonly value: unknown;
}

/** The top level by its proper keys. Keys are not case-sensitive, but unusual case gets a warning. */
export function topLevelEntries(template: PlainMap, report: Report): ReadonlyMap<string, TopLevelEntry> {
  const proper = new Map(Object.keys(topLevel).map((key) => [key.toLowerCase(), key]));
  const entries = new Map<string, TopLevelEntry>();
  for (const [written, value] of Object.entries(template)) {
    const key = proper.get(written.toLowerCase());
    if (key === undefined) {
      report.error('unknown-field', [written], `There is no field \`${written}\` at the top of a template.`, {
        hint: () =>
          didYouMean(
            written,
            Object.keys(topLevel).filter((name) => !Object.hasOwn(template, name)),
          ),
        spot: 'key',
      });
      continue;
    }
    if (key !== written)
      report.warning('key-capitals', [written], `\`${written}\` is written \`${key}\`.`, {
        hint: `Write \`${key}\`: CloudFormation and other tools mind capitals.`,
        spot: 'key',
      });
    if (entries.has(key))
      report.error('duplicate-key', [written], `\`${key}\` is given twice; only one of them can count.`, {
        hint: 'Remove one of the two.',
        spot: 'key',
      });
    entries.set(key, { written, value });
  }
  return entries;
}
