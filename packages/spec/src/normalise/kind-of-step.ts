import type { TemplatePath } from '../diagnostics.js';
import { allStepKinds, stepKinds } from '../kinds/index.js';
import type { StepKindDefinition } from '../kinds/kind.js';
import { didYouMean, nearest } from '../nearest.js';
import type { PlainMap } from '../syntax/document.js';
import type { NormaliseContext } from './context.js';

/** The kinds whose key a step's specification has: exactly one in a valid step. */
export function kindsOf(specification: PlainMap): readonly StepKindDefinition[] {
  return allStepKinds.filter(({ key }) => Object.hasOwn(specification, key));
}

/** Reports a step that has the keys of several kinds, or of none and no {@link misspeltKind}. */
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
  // With a misspelt key, the step has no kind: report the misspelling.
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

/** The key of each kind, and the kind's name when it differs from the key. */
const kindsInWords = allStepKinds
  .map(({ key, kind }) => (key === kind ? `\`${key}\`` : `\`${key}\` (${kind.replace('-', ' ')})`))
  .join(', ')
  .replace(/, (?=[^,]*$)/, ' or ');

/** The kind of a step whose kind key is misspelt: its other fields can be checked as fields of that kind. */
export function misspeltKind(specification: PlainMap): StepKindDefinition | undefined {
  const keys = Object.keys(specification);
  const meant = meantKind(keys);
  // Any field could belong to this kind.
  if (meant.otherFields !== undefined) return undefined;
  return keys.some((key) => isMisspelt(key, meant)) ? meant : undefined;
}

/** The kind that a step without a kind key resembles most: it shares most fields, or has a key like one of them. */
function meantKind(keys: readonly string[]): StepKindDefinition {
  const likeness = (kind: StepKindDefinition): number =>
    keys.filter((key) => mayHave(kind, key)).length + (keys.some((key) => isMisspelt(key, kind)) ? 100 : 0);
  return allStepKinds.reduce((best, kind) => (likeness(kind) > likeness(best) ? kind : best), stepKinds.batch);
}

/** A field that any kind of step has is not a misspelling of another: `Branches` is not a misspelt `branches`. */
function isMisspelt(key: string, kind: StepKindDefinition): boolean {
  return !allStepKinds.some((other) => fieldsOf(other).includes(key)) && nearest(key, [kind.key]) !== undefined;
}

function mayHave(kind: StepKindDefinition, key: string): boolean {
  return fieldsOf(kind).includes(key) || kind.otherFields?.names.test(key) === true;
}

function fieldsOf({ schema }: StepKindDefinition): string[] {
  return Object.keys(schema.properties);
}
