import type { TemplatePath } from '../diagnostics.js';
import { ExpressionSyntaxError, type NamedMember, namedMembers, parseExpression } from '../expressions/index.js';
import { nestedBlocks, stepsBefore } from '../flow.js';
import type { FieldUse } from '../kinds/kind.js';
import type { ScatterStep, Step } from '../model.js';
import { nearest } from '../nearest.js';
import type { Report } from '../report.js';
import { textsOf } from '../substitution/fields.js';
import { references } from '../substitution/references.js';
import { pathProblem, runTimeReference } from '../substitution/run-time.js';
import type { PlainMap } from '../syntax/document.js';
import { declaredNames, sourceNames } from './named-files.js';
import type { Rule, RuleContext } from './rule.js';

/**
 * The names available as `${scatter.…}` and `${parent.…}`; undefined outside a scatter. A field too broken to read may
 * declare any name.
 */
interface Scope {
  readonly scatter: Names;
  readonly parent: Names;
  /** The enclosing scatter's scope, whose files are not available as `parent` here. */
  readonly outer: Scope | undefined;
}

/** Every `${…}` must name something that will be defined when it is replaced, in a field where it is replaced. */
export const referencesResolve: Rule = (context) => {
  const { report, section, written, workflow, parameterValues } = context;
  const top = { scope: undefined, parameters: parameterValues, report, ownNames: noNames };
  for (const { text, path } of textsOf(section('Repository'), written('Repository')))
    checkText(text, path, 'run-time', top);
  for (const { text, path } of textsOf(section('Options'), written('Options')))
    checkText(text, path, path[1] === 's3_tags' ? 'run-time' : 'static', top);
  checkBlock(workflow.steps, { scope: undefined, before: () => new Set() }, context);
};

interface BlockPlace {
  readonly scope: Scope | undefined;
  /** The steps whose outputs the first step of the block gets; a function, because it is rarely needed. */
  readonly before: () => ReadonlySet<Step>;
}

function checkBlock(block: readonly Step[], { scope, before: first }: BlockPlace, context: RuleContext): void {
  const { report, parameterValues: parameters, textsOf: textsOfStep, isIncomplete } = context;
  let beforeEach: ReadonlyMap<string, ReadonlySet<Step>> | undefined;
  for (const step of block) {
    // For a step that is too broken to have a kind, the uses of its fields are unknown.
    const texts = step.kind === 'native' && isIncomplete(step) ? [] : textsOfStep(step);
    for (const { text, path, use } of texts)
      if (use !== 'expression')
        checkText(text, path, use, { scope, parameters, report, ownNames: ownNamesOf(step, scope, context) });
      else if (step.kind === 'chooser' || step.kind === 'parallel-chooser') checkCondition(text, path, scope, report);
    const before = () => {
      beforeEach ??= stepsBefore(block, first());
      return beforeEach.get(step.name) ?? new Set<Step>();
    };
    const inner =
      step.kind === 'scatter'
        ? { scope: scopeInside(step, scope, before, context), before: () => new Set<Step>() }
        : { scope, before };
    for (const nested of nestedBlocks(step)) checkBlock(nested, inner, context);
  }
}

/** The scope inside a scatter: its own values plus those of the enclosing scatters, and its own files as `parent`. */
function scopeInside(
  step: ScatterStep,
  outer: Scope | undefined,
  before: () => ReadonlySet<Step>,
  { sourceOf }: RuleContext,
): Scope {
  const source = sourceOf(step);
  const inherited =
    step.inputs === 'auto' ? [...before()].map((earlier) => outputNames(earlier, sourceOf(earlier))) : [];
  return {
    scatter: union([outer?.scatter ?? new Set(), namesOfSources(source['scatter'])]),
    parent: union([namesIn(source['inputs']), namesIn(source['outputs']), ...inherited]),
    outer,
  };
}

type Names = ReadonlySet<string> | 'any';

function union(sets: readonly Names[]): Names {
  const all = new Set<string>();
  for (const names of sets) {
    if (names === 'any') return 'any';
    for (const name of names) all.add(name);
  }
  return all;
}

/** The names that a field declares, without the mark of an optional file. */
function namesIn(field: unknown): Names {
  if (field !== undefined && typeof field !== 'object') return 'any';
  return new Set(declaredNames(field).map(({ name }) => name.replace(/\?$/, '')));
}

function namesOfSources(field: unknown): Names {
  return namesIn(field) === 'any' ? 'any' : new Set(sourceNames(field).map(({ name }) => name));
}

/** The names under which the next step gets the outputs of a step. */
function outputNames(step: Step, source: PlainMap): Names {
  if (step.kind === 'scatter') return new Set(['manifest']);
  return step.kind === 'batch' ? namesIn(source['outputs']) : new Set();
}

function ownNamesOf(step: Step, scope: Scope | undefined, context: RuleContext): ReadonlySet<string> {
  if (step.kind !== 'scatter') return noNames;
  const outer = scope?.scatter ?? noNames;
  const names = sourceNames(context.sourceOf(step)['scatter']).map(({ name }) => name);
  return outer === 'any' ? noNames : new Set(names.filter((name) => !outer.has(name)));
}

interface Surroundings {
  readonly scope: Scope | undefined;
  readonly parameters: ReadonlyMap<string, string | undefined>;
  readonly report: Report;
  /** For a scatter step: the values that its branches have, but the step itself has not. */
  readonly ownNames: ReadonlySet<string>;
}

const noNames: ReadonlySet<string> = new Set();

function checkText(
  text: string,
  path: TemplatePath,
  use: Exclude<FieldUse, 'expression'>,
  surroundings: Surroundings,
): void {
  if (!text.includes('${')) return;
  for (const { content, start, end } of references(text)) {
    const spot = { text: text.slice(start, end) };
    const reference = runTimeReference(content);
    if (reference === undefined) {
      if (use === 'run-time' || use === 'static') checkOther(content, path, surroundings);
      continue;
    }
    if (use === 'static' || use === 'native') {
      surroundings.report.error(
        'run-time-value',
        path,
        `\`${spot.text}\` is not known yet when this field is needed.`,
        {
          hint:
            use === 'native'
              ? 'bclaw replaces nothing in a native step: use the States Language (`$.job_file`, `$.repo`, …).'
              : 'This field is fixed by the deployment: use a value, or a parameter (`${Name}`).',
          spot,
        },
      );
      continue;
    }
    if (reference.form !== undefined && use !== 'commands')
      surroundings.report.error('bad-reference', path, `\`${spot.text}\` is for commands: no shell reads it here.`, {
        hint: `Write \`\${${content.slice(0, -2)}}\`.`,
        spot,
      });
    checkPath(reference.path, path, spot, surroundings);
    if (reference.scope === 'scatter' || reference.scope === 'parent')
      checkName(reference.scope, reference.path, path, spot, surroundings);
  }
}

function checkPath(expression: string, path: TemplatePath, spot: { text: string }, { report }: Surroundings): void {
  const problem = pathProblem(expression);
  if (problem !== undefined)
    report.error('bad-reference', path, `\`${spot.text}\` is not a path into the job's data: ${problem}.`, {
      hint: 'Write names with dots between them, or a JMESPath expression (https://jmespath.org).',
      spot,
    });
}

function checkName(
  scope: 'scatter' | 'parent',
  expression: string,
  path: TemplatePath,
  spot: { text: string },
  { scope: known, report, ownNames }: Surroundings,
): void {
  if (known === undefined || ownNames.has(expression)) {
    report.error(
      'unknown-name',
      path,
      `\`${spot.text}\` is outside a scatter step, where there is nothing for it to name.`,
      {
        hint: ownNames.has(expression)
          ? 'It is known inside the branches only. `outputs` of a scatter name the files of all branches: write a glob, such as "*.txt".'
          : scope === 'scatter'
            ? 'Use `${job.…}` for the data of the job.'
            : 'Name the file itself.',
        spot,
      },
    );
    return;
  }
  const name = /^"?([\w-]+)/.exec(expression)?.[1];
  const names = known[scope];
  if (name === undefined || names === 'any' || names.has(name) || names.has(expression)) return;
  const near = nearest(name, names);
  const list = [...names].join(', ');
  const around = scope === 'parent' ? known.outer?.parent : undefined;
  report.error(
    'unknown-name',
    path,
    `\`${spot.text}\` names nothing: the scatter step has no ${scope === 'scatter' ? 'scatter value' : 'input or output'} \`${name}\`.`,
    {
      hint:
        around !== undefined && around !== 'any' && around.has(name)
          ? `The scatter around it has one: hand it on, \`inputs: {${name}: "\${parent.${name}}"}\`.`
          : near !== undefined
            ? `Did you mean \`\${${scope}.${near}}\`?`
            : list === ''
              ? 'It declares none.'
              : `It has: ${list}.`,
      spot,
    },
  );
}

/** `scatter.x` and `parent.x` in a condition, where names are written without `${…}`. */
function checkCondition(text: string, path: TemplatePath, scope: Scope | undefined, report: Report): void {
  for (const { object, member, from, to } of membersIn(text, ['scatter', 'parent'])) {
    const kind = object === 'scatter' ? 'scatter' : 'parent';
    const names = scope?.[kind];
    if (names === 'any' || names?.has(member)) continue;
    const near = nearest(member, names ?? []);
    report.error(
      'unknown-name',
      path,
      names === undefined
        ? `The condition names \`${object}.${member}\` outside a scatter step, where there is no such thing.`
        : `The condition names \`${object}.${member}\`, but the scatter step has no ${kind === 'scatter' ? 'scatter value' : 'input or output'} \`${member}\`.`,
      {
        hint:
          near !== undefined
            ? `Did you mean \`${object}.${near}\`?`
            : names === undefined || names.size === 0
              ? 'The data of the job is `job`, and files are inputs of the chooser.'
              : `It has: ${[...names].join(', ')}.`,
        spot: { text, offset: from, length: to - from },
      },
    );
  }
}

function membersIn(text: string, names: readonly string[]): readonly NamedMember[] {
  // Most conditions use neither, and parsing one twice takes longer than all other rules about it.
  if (!names.some((name) => text.includes(name))) return [];
  try {
    return namedMembers(parseExpression(text), new Set(names));
  } catch (error) {
    // An invalid expression has its own diagnostic.
    if (error instanceof ExpressionSyntaxError) return [];
    throw error;
  }
}

/** A `${…}` that is neither a declared parameter nor a run-time reference, in a field that is not passed to a shell. */
function checkOther(content: string, path: TemplatePath, { parameters, report }: Surroundings): void {
  if (parameters.has(content)) return; // Declared but without a value: reported by missing-parameter.
  const near = nearest(content, parameters.keys());
  const isShellVariable = /^(?:BC|AWS)_[A-Z0-9_]+$/.test(content);
  report.error('unknown-name', path, `\`\${${content}}\` is not a parameter, and nothing else is replaced here.`, {
    hint: isShellVariable
      ? 'It is a variable of the shell, which only commands see. Files of branches need no number: each branch has a folder of its own.'
      : near === undefined
        ? `Declare \`${content}\` under Parameters, or write \`\${job.${content}}\` for the data of the job.`
        : `Did you mean \`\${${near}}\`?`,
    spot: { text: `\${${content}}` },
  });
}
