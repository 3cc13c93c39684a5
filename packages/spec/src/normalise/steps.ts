import type { TemplatePath } from '../diagnostics.js';
import { given } from '../given.js';
import type { NativeStep, Step } from '../model.js';
import { inWords } from '../scalars/in-words.js';
import { isMap } from '../syntax/document.js';
import type { NormaliseContext } from './context.js';
import { kindsOf, misspeltKind, reportKind } from './kind-of-step.js';

interface Entry {
  readonly name: string;
  readonly path: TemplatePath;
  readonly specification: unknown;
}

/**
 * Normalises a block of steps: a list of maps with one entry each. Every entry with a name becomes a step, however
 * broken it is, so that other steps can refer to it; broken steps are listed in the context's `incomplete`.
 */
export function normaliseBlock(source: unknown, path: TemplatePath, context: NormaliseContext): readonly Step[] {
  const entries = blockEntries(source, path, context);
  return entries.map((entry, index) => normaliseStep(entry, entries[index + 1]?.name, context));
}

function blockEntries(source: unknown, path: TemplatePath, { report }: NormaliseContext): Entry[] {
  // Missing, or in a part that was removed: there is a diagnostic already. YAML has no undefined.
  if (source === undefined) return [];
  const field = String(path.at(-1));
  // As in BayerCLAW, a single step does not need a list.
  if (isMap(source) && Object.keys(source).length === 1) {
    const [[name, specification] = ['', null]] = Object.entries(source);
    return [{ name, path: [...path, name], specification }];
  }
  if (!Array.isArray(source) || source.length === 0) {
    report.error('wrong-type', path, `\`${field}\` must be a list of steps, not ${inWords(source)}.`, {
      hint: isMap(source)
        ? 'Put "- " before the name of each step and indent what follows: a map has no order.'
        : 'Write at least one step: "- name:" and, indented below it, its fields.',
    });
    return [];
  }
  return source.flatMap((item: unknown, index): Entry[] => {
    const here = [...path, index];
    if (!isMap(item) || Object.keys(item).length === 0) {
      report.error('wrong-type', here, `A step must be a map with one entry, its name, not ${inWords(item)}.`, {
        hint: 'Write "- name:" and, indented below it, the fields of the step.',
      });
      return [];
    }
    const [[name, specification] = ['', null], ...others] = Object.entries(item);
    if (others.length === 0) return [{ name, path: [...here, name], specification }];
    const areSteps = Object.values(item).every(isLikeStep);
    const isMisindented = !areSteps && (kindsOf(item).length > 0 || specification === null);
    report.error(
      'step-not-single',
      here,
      `A step is a map with one entry, but this one has ${others.length + 1}: ${Object.keys(item).slice(0, 5).join(', ')}.`,
      {
        hint: isMisindented
          ? `Indent the fields of the step further than its name \`${name}\`.`
          : 'Put "- " before the name of each step.',
      },
    );
    // Several steps after one dash still count as steps.
    return areSteps
      ? Object.entries(item).map(([key, value]) => ({ name: key, path: [...here, key], specification: value }))
      : [];
  });
}

function isLikeStep(value: unknown): boolean {
  return isMap(value) && (kindsOf(value).length > 0 || misspeltKind(value) !== undefined);
}

function normaliseStep(entry: Entry, following: string | undefined, context: NormaliseContext): Step {
  const { name, path } = entry;
  const { report } = context;
  const specification = entry.specification;
  const giveUp = (): NativeStep => {
    context.incomplete.add(path);
    const next = given({ next: following });
    return { kind: 'native', name, path, ...next, type: 'Pass', fields: {}, branches: [], catch: [] };
  };
  if (!isMap(specification)) {
    report.error(
      'wrong-type',
      path,
      `The step \`${name}\` must be a map of its fields, not ${inWords(specification)}.`,
      {
        hint: 'Indent the fields of the step further than its name.',
        spot: 'key',
      },
    );
    return giveUp();
  }
  context.sources.set(path, specification);
  const [found, ...others] = kindsOf(specification);
  const kind = found ?? misspeltKind(specification);
  if (kind === undefined || others.length > 0) {
    reportKind(name, path, specification, context);
    return giveUp();
  }
  return kind.normalise(specification, { name, path }, following, context) ?? giveUp();
}
