import type { TemplatePath } from '../diagnostics.js';
import { allStepKinds, stepKinds } from '../kinds/index.js';
import type { StepKindDefinition } from '../kinds/kind.js';
import { didYouMean, nearest } from '../nearest.js';
import type { PlainMap } from '../syntax/document.js';
import type { NormaliseContext } from './context.js';

/** The kinds whose key a step's specification has: exactly one when the step is well made. */
export function kindsOf(specification: PlainMap): readonly StepKindDefinition[] {
  return allStepKinds.filter(({ key }) => Object.hasOwn(specification, key));
}

/** Reports a step that has the keys of several kinds or, without {@link misspeltKind}, of none. */
export function reportKind(
  name: string,
  path: TemplatePath,
  specification: PlainMap,
  { report }: NormaliseContext,
): void {
  const found = kindsOf(specification);
  if (found.length > 1) {
    const given = found.map(({ key }) => `\`${key}\``).join(' and ');
    report.error('step-kind', path, `The step \`${name}\` is of several kinds: it has ${given}.`, {
      hint: 'Split it into one step for each of them.',
      spot: 'key',
    });
    return;
  }
  // A misspelt key leaves the step without a kind: the misspelling is what to report.
  const keys = Object.keys(specification);
  const meant = meantKind(keys);
  const unknown = keys.filter((key) => !mayHave(meant, key));
  for (const key of unknown)
    report.error('unknown-field', [...path, key], `There is no field \`${key}\` here.`, {
      hint: () => didYouMean(key, [meant.key, ...fieldsOf(meant).filter((field) => !keys.includes(field))]),
      spot: 'key',
    });
  if (unknown.length === 0)
    report.error('step-kind', path, `The step \`${name}\` is of no kind that bclaw knows.`, {
      hint: `Give it ${kindsInWords}.`,
      spot: 'key',
    });
}

/** The key of each kind, with the kind's name where that is another word. */
const kindsInWords = allStepKinds
  .map(({ key, kind }) => (key === kind ? `\`${key}\`` : `\`${key}\` (${kind.replace('-', ' ')})`))
  .join(', ')
  .replace(/, (?=[^,]*$)/, ' or ');

/** The kind of a step whose kind's key is misspelt: its other fields can be checked as those of that kind. */
export function misspeltKind(specification: PlainMap): StepKindDefinition | undefined {
  const keys = Object.keys(specification);
  const meant = meantKind(keys);
  // Any field may be one of the kind's own.
  if (meant.otherFields !== undefined) return undefined;
  return keys.some((key) => isMisspelt(key, meant)) ? meant : undefined;
}

/** The kind that a step without a kind's key is most like: the one with most of its fields, or with a key like one of them. */
function meantKind(keys: readonly string[]): StepKindDefinition {
  const likeness = (kind: StepKindDefinition): number =>
    keys.filter((key) => mayHave(kind, key)).length + (keys.some((key) => isMisspelt(key, kind)) ? 100 : 0);
  return allStepKinds.reduce((best, kind) => (likeness(kind) > likeness(best) ? kind : best), stepKinds.batch);
}

/** A field that some kind of step has is no misspelling of another, as `Branches` is none of `branches`. */
function isMisspelt(key: string, kind: StepKindDefinition): boolean {
  return !allStepKinds.some((other) => fieldsOf(other).includes(key)) && nearest(key, [kind.key]) !== undefined;
}

function mayHave(kind: StepKindDefinition, key: string): boolean {
  return fieldsOf(kind).includes(key) || kind.otherFields?.names.test(key) === true;
}

function fieldsOf({ schema }: StepKindDefinition): string[] {
  return Object.keys(schema.properties);
}
