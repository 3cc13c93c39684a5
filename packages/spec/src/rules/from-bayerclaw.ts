import type { TemplatePath } from '../diagnostics.js';
import type { BatchStep, ScatterStep } from '../model.js';
import { isS3Uri } from '../scalars/s3-uri.js';
import { isGlobTemplate } from '../substitution/files.js';
import { isMap } from '../syntax/document.js';
import { type DeclaredName, declaredNames } from './named-files.js';
import type { Rule, RuleContext } from './rule.js';

/** The page that documents each difference; its tests check what it says. */
const page = 'docs/explanation/coming-from-bayerclaw.md';

/**
 * A wildcard that matches any character where BayerCLAW matches keys: Python's `fnmatch` does not treat `/` specially.
 */
const anyCharacter = /[*?]|\[!/;

/**
 * Reports parts of a template that mean something else here than in BayerCLAW, unless another rule reports them. It is
 * not one of the rules for every template, because it is irrelevant to users who have never used BayerCLAW.
 */
export const fromBayerclaw: Rule = (context) => {
  options(context);
  for (const step of context.steps) {
    if (context.isIncomplete(step)) continue;
    const differences = new StepDifferences(context, step.path, context.sourceOf(step));
    if (step.kind === 'batch') batch(step, differences);
    else if (step.kind === 'scatter') scatter(step, differences);
  }
};

/** Reports the differences of one step. */
class StepDifferences {
  readonly #context: RuleContext;
  readonly #path: TemplatePath;
  readonly #source: Readonly<Record<string, unknown>>;

  constructor(context: RuleContext, path: TemplatePath, source: Readonly<Record<string, unknown>>) {
    this.#context = context;
    this.#path = path;
    this.#source = source;
  }

  /** @param section anchor of the section of the page */
  tell(section: string, at: TemplatePath, message: string, hint: string): void {
    tell(this.#context, section, [...this.#path, ...at], message, hint);
  }

  /** Each name in a field, in either spelling, without the mark of an optional one, and its place. */
  names(field: string): DeclaredName[] {
    return declaredNames(this.#source[field]).map(({ name, at }) => ({ name, at: [field, ...at] }));
  }

  /** The value in the template at a path. */
  valueAt(path: TemplatePath): unknown {
    let value: unknown = this.#source;
    for (const key of path) value = Object.entries(Object(value)).find(([name]) => name === String(key))?.[1];
    return value;
  }
}

function tell({ report }: RuleContext, section: string, path: TemplatePath, message: string, hint: string): void {
  report.warning('differs-from-bayerclaw', path, message, { hint: `${hint} See ${page}#${section}.` });
}

/** Settings that a template can make for all of its steps, and that BayerCLAW has by default and bclaw does not. */
function options(context: RuleContext): void {
  const { section, written, has, steps } = context;
  const source = section('Options');
  const isSettled = (option: string): boolean => isMap(source) && Object.hasOwn(source, option);
  const path = has('Options') ? [written('Options')] : [];
  if (!isSettled('versioned'))
    tell(
      context,
      'versions',
      path,
      'BayerCLAW publishes a version of the state machine at each deployment; here there are versions only when the template says so.',
      'Write `versioned: true` or `versioned: false` under `Options`.',
    );
  const writes = steps.some((step) => step.kind === 'batch' && Object.keys(step.outputs).length > 0);
  if (writes && !isSettled('missing_outputs'))
    tell(
      context,
      'missing-outputs',
      path,
      'In BayerCLAW a job succeeds although its commands have not written an output; here it fails.',
      'Write `missing_outputs: fail` or `missing_outputs: warn` under `Options`.',
    );
}

function batch(step: BatchStep, differences: StepDifferences): void {
  const inputs = step.inputs === 'auto' ? {} : step.inputs;
  for (const { name, at } of differences.names('inputs')) {
    const file = Object.hasOwn(inputs, name) ? inputs[name] : undefined;
    if (file === undefined) continue;
    glob(file, at, differences);
    // "**" matches all folders, including the repository itself.
    if (isRelative(file) && folderOf(file) !== '' && folderOf(file) !== '**/')
      differences.tell(
        'folders-of-inputs',
        at,
        `BayerCLAW drops the folder of \`${file}\` and reads "${baseName(file)}"; here the folder is part of the name.`,
        `Write \`${baseName(file)}\` for a file that an earlier step has written.`,
      );
    if (isGlobTemplate(file)) quotedGlob(name.replace(/\?$/, ''), step, differences);
  }
  memory(differences);
  destinations(differences);
}

function scatter(step: ScatterStep, differences: StepDifferences): void {
  for (const [name, source] of Object.entries(step.scatter))
    if (typeof source === 'string' && !source.startsWith('@')) glob(source, ['scatter', name], differences);
}

function glob(file: string, at: TemplatePath, differences: StepDifferences): void {
  if (!isGlobTemplate(file) || !anyCharacter.test(file) || file.split('/').includes('**')) return;
  differences.tell(
    'globs',
    at,
    `In BayerCLAW \`${file}\` matches files in folders below, too; here a wildcard stops at "/".`,
    `Write \`${folderOf(file)}**/${baseName(file)}\` if they are meant.`,
  );
}

function quotedGlob(name: string, step: BatchStep, differences: StepDifferences): void {
  const quoted = [`"\${${name}}"`, `'\${${name}}'`];
  if (!step.commands.some((command) => quoted.some((text) => command.includes(text)))) return;
  differences.tell(
    'globs-in-quotes',
    ['commands'],
    `BayerCLAW puts the glob itself between the quotes around \`\${${name}}\`; here it is the names of the files.`,
    'Leave out the quotes to get a word for each file; write the glob itself where the program expands it.',
  );
}

function memory(differences: StepDifferences): void {
  const at = ['compute', 'memory'];
  const amount = differences.valueAt(at);
  if (typeof amount !== 'string' || !/^\s*\d+(?:\.\d+)?\s*$/.test(amount)) return;
  differences.tell(
    'memory',
    at,
    `BayerCLAW takes the text "${amount}" for bytes, and gives the least that there is, 4 MiB; here it is MiB, as the number is.`,
    `Write \`${amount.trim()} Mb\`.`,
  );
}

/** In the long spelling, `dest` is prepended to the file's name as it is. */
function destinations(differences: StepDifferences): void {
  for (const { at } of differences.names('outputs')) {
    const dest = differences.valueAt([...at, 'dest']);
    if (typeof dest !== 'string' || dest.endsWith('/')) continue;
    differences.tell(
      'destinations',
      [...at, 'dest'],
      `BayerCLAW puts "${dest}" before the file's name as it is; here it is a folder.`,
      `Write \`${dest}/\` for the folder; give the file itself another name if the rest is a part of it.`,
    );
  }
}

const isRelative = (file: string): boolean => !isS3Uri(file) && !file.startsWith('${');
const folderOf = (file: string): string => file.slice(0, file.lastIndexOf('/') + 1);
const baseName = (file: string): string => file.slice(file.lastIndexOf('/') + 1);
