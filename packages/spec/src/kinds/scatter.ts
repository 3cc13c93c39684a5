import { type Static, Type } from 'typebox';
import type { TemplatePath } from '../diagnostics.js';
import { given } from '../given.js';
import type { ScatterItem, ScatterQuery, ScatterSource, ScatterStep } from '../model.js';
import { type NormaliseContext, readScalar } from '../normalise/context.js';
import { pathOf } from '../normalise/field.js';
import { type NamedEntry, namedEntries, namedRecord } from '../normalise/named-entries.js';
import { numberOf } from '../normalise/scalars.js';
import type { Report } from '../report.js';
import { parseTolerance } from '../scalars/tolerance.js';
import { checkShape } from '../schema/check.js';
import { condition, fields, files, flow, named, oneOrMore, stepsBlock, text, wholeNumber } from '../schema/fields.js';
import { isMap } from '../syntax/document.js';
import { type StepPosition, stepKind } from './kind.js';

const item = Type.Union(
  [Type.String(), Type.Number(), Type.Boolean(), Type.Null(), Type.Record(Type.String(), Type.Unknown())],
  { expects: 'a text, a number, true, false, null or a map' },
);

const list = Type.Union([Type.String({ minLength: 1 }), Type.Array(item)], {
  expects: 'a list, or a text: ${job.list}, @file, @file:selector, a glob or a file',
});

const query = fields(
  {
    from: list,
    where: Type.Optional(condition),
    group_by: Type.Optional(
      oneOrMore(text('a key'), 'a key of the items, or a list of keys', {
        description: 'Items that are equal in these keys become one item, {key, rows}, in the order of the first.',
        examples: ['sample', ['sample', 'lane']],
      }),
    ),
  },
  { description: 'Items that are filtered or grouped.' },
);

const sourceForms = [Type.String({ minLength: 1 }), Type.Array(item), query] as const;
const expectsSource =
  'a list, a text (${job.list}, @file, @file:selector, a glob or a file), or a map with `from`, `where` and `group_by`';
const source = Type.Union([...sourceForms], { expects: expectsSource });

/** The query that a source is; undefined for a plain list or text. */
export const queryIn = (source: ScatterSource | undefined): ScatterQuery | undefined =>
  typeof source === 'object' && 'from' in source ? source : undefined;

/** The key under which sources advance together. */
export const zipKey = 'zip';

const zip = Type.Record(Type.String(), source, {
  description: 'Under `zip`: sources that advance together, so that their numbers of items must be equal.',
  expects: 'a map, name: source of items',
});

const scatterSchema = fields(
  {
    scatter: named(Type.Union([...sourceForms, zip], { expects: expectsSource }), 'a map, name: source of items', {
      description:
        'Name → items: a list, `${job.list}`, `@file` (one item a line), `@file:selector` (JSONPath), a glob or a file, or a map with `from`, `where` and `group_by`. Several: every combination; those under `zip` advance together.',
      examples: [
        { sample: '${job.samples}' },
        { chunk: 'chunks/*.fa' },
        { sample: { from: '@sheet.csv:$[*]', group_by: 'sample' } },
        { zip: { tumour: '${job.tumours}', normal: '${job.normals}' } },
      ],
    }),
    inputs: Type.Optional(
      files(
        'Name → file that the branches see as `${parent.name}`. Default: the outputs of the step before; `{}` = none.',
        [{ genome: 'genome.fa' }],
      ),
    ),
    steps: stepsBlock('The steps of one branch. `${scatter.name}` is its item.'),
    outputs: Type.Optional(
      files('Name → file or glob; gathered from all branches into the manifest.', [{ calls: '*.vcf' }]),
    ),
    max_concurrency: Type.Optional(
      wholeNumber(0, undefined, { description: 'Branches that run at once; 0 = no limit.', default: 0 }),
    ),
    error_tolerance: Type.Optional(
      Type.Union(
        [
          Type.Integer({ minimum: 0 }),
          Type.String({ editor: { pattern: '^\\s*([0-9]+|([0-9]{1,2}(\\.[0-9]+)?|100(\\.0+)?)\\s*%)\\s*$|\\$\\{' } }),
        ],
        {
          expects: 'a whole number, or a share such as "10%"',
          description: 'Branches that may fail: a count, or a share from "0%" to "100%".',
          default: 0,
        },
      ),
    ),
    ...flow,
  },
  { title: 'Scatter step', description: 'Runs a block of steps once for every item, in parallel.' },
);

type ScatterTemplate = Static<typeof scatterSchema>;

/** A step that runs a block of steps once for every item, in parallel. */
export const scatter = stepKind({
  kind: 'scatter',
  key: 'scatter',
  schema: scatterSchema,
  placeholder: { scatter: {}, steps: undefined },
  uses: { scatter: 'run-time', inputs: 'run-time', outputs: 'run-time' },
  normalise: normaliseScatter,
  inside: {
    blocks: ({ steps }) => [steps],
    withBlocks: (step, change) => ({ ...step, steps: change(step.steps) }),
  },
});

function normaliseScatter(source: ScatterTemplate, position: StepPosition, context: NormaliseContext): ScatterStep {
  const { path } = position;
  const { report } = context;
  const tolerance = source.error_tolerance ?? 0;
  const { scatter, zipped } = sourcesOf(source, path, !context.incomplete.has(path), report);
  if (Object.keys(scatter).length === 0 && !context.incomplete.has(path))
    report.error('wrong-type', [...path, 'scatter'], '`scatter` names nothing to scatter over.', {
      hint: 'Write "name: source", such as "sample: ${job.samples}".',
    });
  return {
    kind: 'scatter',
    ...position,
    scatter,
    ...given({ zip: zipped }),
    inputs:
      source.inputs === undefined && namesParent(source.steps)
        ? 'auto'
        : namedRecord(source.inputs, { of: path, key: 'inputs' }, report),
    steps: context.block(source.steps, [...path, 'steps']),
    outputs: namedRecord(source.outputs, { of: path, key: 'outputs' }, report),
    maxConcurrency: numberOf(
      source.max_concurrency,
      { fallback: 0, minimum: 0, integer: true },
      { of: path, key: 'max_concurrency' },
      report,
    ),
    errorTolerance: readScalar(
      tolerance,
      parseTolerance,
      { count: 0 },
      'bad-tolerance',
      { of: path, key: 'error_tolerance' },
      report,
    ),
  };
}

interface Sources {
  readonly scatter: Readonly<Record<string, ScatterSource>>;
  /** Names of the sources under `zip`. */
  readonly zipped?: readonly string[];
}

/** The sources in order, those under `zip` in its place. */
function sourcesOf({ scatter }: ScatterTemplate, of: TemplatePath, isSound: boolean, report: Report): Sources {
  const found = new Map<string, ScatterSource>();
  const add = (entry: NamedEntry<unknown>) => {
    const source = sourceOf(entry, report);
    if (source === undefined) return;
    if (found.has(entry.key))
      report.error('duplicate-key', pathOf(entry), `\`${entry.key}\` is given twice; only one of them can count.`, {
        hint: 'Remove or rename one of the two.',
        spot: 'key',
      });
    found.set(entry.key, source);
  };
  let zipped: string[] | undefined;
  for (const entry of namedEntries<unknown>(scatter, { of, key: 'scatter' }, report)) {
    if (entry.key !== zipKey || !isMap(entry.value)) {
      add(entry);
      continue;
    }
    zipped = Object.keys(entry.value);
    if (zipped.length < 2 && isSound)
      report.error('wrong-type', pathOf(entry), '`zip` needs at least two sources that advance together.', {
        hint: 'Name them: "zip: {tumour: ${job.tumours}, normal: ${job.normals}}".',
      });
    for (const [key, value] of Object.entries(entry.value)) add({ of: pathOf(entry), key, value });
  }
  return { scatter: Object.fromEntries(found), ...given({ zipped }) };
}

/** One source; undefined when it is reported as broken. */
function sourceOf(entry: NamedEntry<unknown>, report: Report): ScatterSource | undefined {
  const { value } = entry;
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.filter(isItem);
  if (!isMap(value)) return undefined;
  if (!Object.keys(value).some((key) => Object.hasOwn(query.properties, key))) {
    report.error(
      'wrong-type',
      pathOf(entry),
      `The map \`${entry.key}\` has no \`from\`, so it is no source of items.`,
      {
        hint: `Write "${entry.key}: {from: …}", with "where" or "group_by"; for sources that advance together, put them under "zip".`,
        spot: 'key',
      },
    );
    return undefined;
  }
  const checked = checkShape(query, value, pathOf(entry), report);
  if (checked === undefined) return undefined;
  const { from, where, group_by: keys } = checked.value;
  return {
    from: Array.isArray(from) ? from.filter(isItem) : from,
    ...given({ where, group_by: keys === undefined || Array.isArray(keys) ? keys : [keys] }),
  };
}

function isItem(value: unknown): value is ScatterItem {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value) || isMap(value);
}

/** Returns true if a text inside the node uses `parent`: only then do the branches need its data. */
function namesParent(node: unknown): boolean {
  if (typeof node === 'string') return /\bparent[.[]/.test(node);
  return typeof node === 'object' && node !== null && Object.values(node).some(namesParent);
}
