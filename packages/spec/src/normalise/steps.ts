import type { TemplatePath } from '../diagnostics.js';
import type { NativeStep, Step, StepKind } from '../model.js';
import { didYouMean, nearest } from '../nearest.js';
import { inWords } from '../scalars/in-words.js';
import { checkShape } from '../schema/check.js';
import { kindsOf, stepKindNames, stepKinds } from '../schema/step-kinds.js';
import { isMap, type PlainMap } from '../syntax/document.js';
import { normaliseBatch } from './batch.js';
import { normaliseChooser, normaliseParallelChooser } from './chooser.js';
import type { NormaliseContext } from './context.js';
import { normaliseNative } from './native.js';
import { flagOf } from './scalars.js';
import { normaliseScatter } from './scatter.js';
import type { StepPosition } from './step-position.js';
import { normaliseSubpipe } from './subpipe.js';

interface Entry {
  readonly name: string;
  readonly path: TemplatePath;
  readonly specification: unknown;
}

/**
 * A block of steps: a list of maps with one entry each. Every entry that has a name becomes a step, however broken it is,
 * so that other steps can refer to it; what was broken is in the context's `incomplete`.
 */
export function normaliseBlock(source: unknown, path: TemplatePath, context: NormaliseContext): readonly Step[] {
  const entries = blockEntries(source, path, context);
  return entries.map((entry, index) => normaliseStep(entry, entries[index + 1]?.name, context));
}

function blockEntries(source: unknown, path: TemplatePath, { report }: NormaliseContext): Entry[] {
  // Missing, or in a part that was taken out: that has a diagnostic already. YAML knows no undefined.
  if (source === undefined) return [];
  const field = String(path.at(-1));
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
    // Several steps after one dash are steps all the same.
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
  const position = (next: string | undefined): StepPosition => ({
    name,
    path,
    ...(next === undefined ? {} : { next }),
  });
  const giveUp = (): NativeStep => {
    context.incomplete.add(path);
    return { kind: 'native', ...position(following), type: 'Pass', fields: {}, branches: [], catch: [] };
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
  const positioned = (source: { next?: string; end?: boolean | string }): StepPosition =>
    position(nextOf(source, following, path, context));
  const check = <K extends (typeof stepKinds)[typeof kind]>(definition: K) => {
    const checked = checkShape<K['schema']>(definition.schema, specification, path, report, definition.placeholder);
    if (checked?.sound !== true) context.incomplete.add(path);
    return checked?.value;
  };
  switch (kind) {
    case 'batch': {
      const source = check(stepKinds.batch);
      return source === undefined ? giveUp() : normaliseBatch(source, positioned(source), context);
    }
    case 'scatter': {
      const source = check(stepKinds.scatter);
      return source === undefined ? giveUp() : normaliseScatter(source, positioned(source), context);
    }
    case 'subpipe': {
      const source = check(stepKinds.subpipe);
      return source === undefined ? giveUp() : normaliseSubpipe(source, positioned(source), context);
    }
    case 'native': {
      const source = check(stepKinds.native);
      return source === undefined ? giveUp() : normaliseNative(source, positioned(source), context);
    }
    case 'chooser': {
      const source = check(stepKinds.chooser);
      return source === undefined ? giveUp() : normaliseChooser(source, position(following), context);
    }
    case 'parallel-chooser': {
      const source = check(stepKinds['parallel-chooser']);
      return source === undefined ? giveUp() : normaliseParallelChooser(source, positioned(source), context);
    }
  }
}

/** The step that follows by `next`, `end` and the order of the block. */
function nextOf(
  { next, end }: { readonly next?: string; readonly end?: boolean | string },
  following: string | undefined,
  path: TemplatePath,
  { report }: NormaliseContext,
): string | undefined {
  const ends = flagOf(end, false, { of: path, key: 'end' }, report);
  if (ends && next !== undefined)
    report.error('exclusive-fields', [...path, 'end'], '`next` and `end` exclude each other.', {
      hint: 'Keep one of them.',
      spot: 'key',
    });
  return next ?? (ends ? undefined : following);
}

function reportKind(name: string, path: TemplatePath, specification: PlainMap, { report }: NormaliseContext): void {
  const found = kindsOf(specification);
  if (found.length > 1) {
    const given = found.map((kind) => `\`${stepKinds[kind].key}\``).join(' and ');
    report.error('step-kind', path, `The step \`${name}\` is of several kinds: it has ${given}.`, {
      hint: 'Split it into one step for each of them.',
      spot: 'key',
    });
    return;
  }
  // A misspelt key leaves the step without a kind: the misspelling is what to tell.
  const keys = Object.keys(specification);
  const meant = meantKind(keys);
  const unknown = keys.filter((key) => !fieldsOf(meant).includes(key) && !(meant === 'native' && isStateField(key)));
  for (const key of unknown)
    report.error('unknown-field', [...path, key], `There is no field \`${key}\` here.`, {
      hint: () => didYouMean(key, [stepKinds[meant].key, ...fieldsOf(meant).filter((field) => !keys.includes(field))]),
      spot: 'key',
    });
  if (unknown.length === 0)
    report.error('step-kind', path, `The step \`${name}\` is of no kind that bclaw knows.`, {
      hint: 'Give it `commands` (batch), `scatter`, `subpipe`, `Type` (native), `choices` (chooser) or `branches` (parallel chooser).',
      spot: 'key',
    });
}

/** The kind of a step whose kind's key is misspelt: its other fields can be checked as those of that kind. */
function misspeltKind(specification: PlainMap): StepKind | undefined {
  const keys = Object.keys(specification);
  const meant = meantKind(keys);
  // A native step may have any field.
  if (meant === 'native') return undefined;
  return keys.some((key) => !isKnownField(key) && nearest(key, [stepKinds[meant].key]) !== undefined)
    ? meant
    : undefined;
}

/** The kind that a step without a kind's key is most like: the one with most of its fields, or with a key like one of them. */
function meantKind(keys: readonly string[]): StepKind {
  const likeness = (kind: StepKind): number => {
    const { key: kindKey } = stepKinds[kind];
    const shared = keys.filter(
      (key) => fieldsOf(kind).includes(key) || (kind === 'native' && isStateField(key)),
    ).length;
    const isMeant = (key: string) => !isKnownField(key) && nearest(key, [kindKey]) !== undefined;
    return shared + (keys.some(isMeant) ? 100 : 0);
  };
  return stepKindNames.reduce((best, kind) => (likeness(kind) > likeness(best) ? kind : best));
}

/** Whether some kind of step has a field: then it is no misspelling of another, as `Branches` is none of `branches`. */
function isKnownField(key: string): boolean {
  return stepKindNames.some((kind) => fieldsOf(kind).includes(key));
}

/** Fields of the States Language begin with a capital, no other field does. */
function isStateField(key: string): boolean {
  return /^[A-Z]/.test(key);
}

function fieldsOf(kind: StepKind): string[] {
  return Object.keys(stepKinds[kind].schema.properties);
}
