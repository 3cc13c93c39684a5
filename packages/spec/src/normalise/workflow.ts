import type { TemplatePath } from '../diagnostics.js';
import { given } from '../given.js';
import { withNumbers } from '../job-schema/keywords.js';
import type { Step, Workflow } from '../model.js';
import { nearest } from '../nearest.js';
import type { Report } from '../report.js';
import { inWords } from '../scalars/in-words.js';
import { asText } from '../scalars/text.js';
import { checkShape } from '../schema/check.js';
import { topLevel } from '../schema/workflow.js';
import { type FieldText, stepTexts } from '../substitution/fields.js';
import { type ParameterUse, substituteParameters } from '../substitution/parameters.js';
import { isMap, type PlainMap } from '../syntax/document.js';
import type { NormaliseContext } from './context.js';
import { normaliseOptions } from './options.js';
import { normaliseBlock } from './steps.js';
import { type TopLevelEntry, type TopLevelKey, topLevelEntries } from './top-level.js';

/** A normalised workflow, with additional data for the rules. */
export interface Normalised {
  readonly workflow: Workflow;
  readonly parameterUses: readonly ParameterUse[];
  /** Every declared parameter, even if the declaration is broken, and the value of those that have one. */
  readonly parameterValues: ReadonlyMap<string, string | undefined>;
  /** The keys of the top level as written in the template. */
  readonly written: (key: TopLevelKey) => string;
  /** Returns true if the template has a key at its top level. */
  readonly has: (key: TopLevelKey) => boolean;
  /** A section of the top level as written in the template, parameters replaced. */
  readonly section: (key: TopLevelKey) => unknown;
  /** A step's specification as written in the template, parameters replaced. */
  readonly sourceOf: (step: Step) => PlainMap;
  /** The texts of a step that contain a reference or a condition, without those of nested steps. */
  readonly textsOf: (step: Step) => readonly FieldText[];
  /** Returns true if mistakes were removed from the step, so that missing parts must not be reported. */
  readonly isIncomplete: (step: Step) => boolean;
}

/** Converts the plain value of a template to the normalised workflow; undefined when it is not a map. */
export function normaliseWorkflow(
  template: unknown,
  values: Readonly<Record<string, string>>,
  report: Report,
): Normalised | undefined {
  if (!isMap(template)) {
    report.error(
      'wrong-type',
      [],
      `A template must be a map with at least Repository and Steps, not ${inWords(template)}.`,
      {
        hint: 'Begin with "Repository: s3://bucket/prefix" and "Steps:".',
      },
    );
    return undefined;
  }
  const entries = topLevelEntries(template, report);
  const written = (key: TopLevelKey): string => entries.get(key)?.written ?? key;
  const parameters = entries.get('Parameters')?.value;
  const healed = section('Parameters', entries, report, parameters)?.value ?? {};
  // A broken declaration still declares its name; only the parts it lacks must not be reported.
  const declared = Object.fromEntries(
    Object.entries(healed).filter(([name, declaration]) => isMap(parameters) && declaration === parameters[name]),
  );
  const parameterValues = valuesOf(isMap(parameters) ? parameters : {}, values, report);
  const parameterUses: ParameterUse[] = [];
  const substituted = new Map(
    ['Description', 'Repository', 'Options', 'JobSchema', 'Steps'].flatMap((key): [string, unknown][] => {
      const entry = entries.get(key);
      if (entry === undefined) return [];
      return [[key, substituteParameters(entry.value, parameterValues, [entry.written], parameterUses)]];
    }),
  );

  for (const key of ['Repository', 'Steps'] as const)
    if (!entries.has(key) && !isMisspelt(key, Object.keys(template), entries))
      report.error('missing-field', [], `\`${key}\` is missing.`, {
        hint:
          key === 'Repository'
            ? 'Add "Repository: s3://bucket/prefix/${job.<a name that differs from job to job>}".'
            : 'Add "Steps:" and, below it, a list of steps.',
      });

  const repository = section('Repository', entries, report, substituted.get('Repository'))?.value ?? '';
  const options = normaliseOptions(
    section('Options', entries, report, substituted.get('Options'))?.value ?? {},
    [written('Options')],
    report,
  );
  const incomplete = new Set<TemplatePath>();
  const texts = new Map<TemplatePath, readonly FieldText[]>();
  const sources = new Map<TemplatePath, PlainMap>();
  const context: NormaliseContext = {
    report,
    options,
    incomplete,
    sources,
    block: (source, path) => normaliseBlock(source, path, context),
  };
  const steps = entries.has('Steps') ? normaliseBlock(substituted.get('Steps'), [written('Steps')], context) : [];
  const description = section('Description', entries, report, substituted.get('Description'))?.value;
  const jobSchema = section('JobSchema', entries, report, substituted.get('JobSchema'))?.value;
  return {
    workflow: {
      repository: repository.trim().replace(/\/+$/, ''),
      ...given({ description }),
      parameters: declared,
      options,
      ...(jobSchema === undefined ? {} : { jobSchema: withNumbers(jobSchema) }),
      steps,
    },
    parameterUses,
    parameterValues,
    written,
    has: (key) => entries.has(key),
    section: (key) => substituted.get(key),
    sourceOf: ({ path }) => sources.get(path) ?? {},
    textsOf: (step) => {
      const known = texts.get(step.path);
      if (known !== undefined) return known;
      const found = stepTexts(step, sources.get(step.path) ?? {});
      texts.set(step.path, found);
      return found;
    },
    isIncomplete: ({ path }) => incomplete.has(path),
  };
}

function section<Key extends TopLevelKey>(
  key: Key,
  entries: ReadonlyMap<string, TopLevelEntry>,
  report: Report,
  value: unknown,
) {
  const entry = entries.get(key);
  if (entry === undefined) return undefined;
  return checkShape<(typeof topLevel)[Key]>(topLevel[key], value, [entry.written], report);
}

/** Returns true if an unknown top-level key is probably a misspelt missing one: that is already reported. */
function isMisspelt(key: string, present: readonly string[], entries: ReadonlyMap<string, TopLevelEntry>): boolean {
  const known = new Set([...entries.values()].map((entry) => entry.written));
  return (
    nearest(
      key,
      present.filter((name) => !known.has(name)),
    ) !== undefined
  );
}

function valuesOf(
  declared: PlainMap,
  given: Readonly<Record<string, string>>,
  report: Report,
): Map<string, string | undefined> {
  const values = new Map<string, string | undefined>();
  for (const [name, declaration] of Object.entries(declared)) {
    const byDefault = isMap(declaration) ? declaration['Default'] : undefined;
    const hasDefault = ['string', 'number', 'boolean'].includes(typeof byDefault);
    const value = Object.hasOwn(given, name) ? given[name] : undefined;
    values.set(name, value ?? (hasDefault ? asText(byDefault) : undefined));
  }
  for (const name of Object.keys(given)) {
    if (values.has(name)) continue;
    const near = nearest(name, values.keys());
    report.error('unknown-parameter', [], `The template declares no parameter \`${name}\`.`, {
      hint: near === undefined ? `Declare it under Parameters, or leave it out.` : `Did you mean \`${near}\`?`,
    });
  }
  return values;
}
