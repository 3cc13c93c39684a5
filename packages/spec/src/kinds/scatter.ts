import { type Static, Type } from 'typebox';
import type { ScatterStep } from '../model.js';
import { type NormaliseContext, readScalar } from '../normalise/context.js';
import { namedRecord } from '../normalise/named-entries.js';
import { numberOf } from '../normalise/scalars.js';
import { parseTolerance } from '../scalars/tolerance.js';
import { fields, files, flow, named, stepsBlock, wholeNumber } from '../schema/fields.js';
import { type StepPosition, stepKind } from './kind.js';

const item = Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()], {
  expects: 'a text, a number, true, false or null',
});

const source = Type.Union([Type.String({ minLength: 1 }), Type.Array(item)], {
  expects:
    'a list of texts, numbers, booleans or nulls, or a text: ${job.list}, @file, @file:selector, a glob or a file',
});

const scatterSchema = fields(
  {
    scatter: named(source, 'a map, name: source of items', {
      description:
        'Name → items: a list, `${job.list}`, `@file` (one item a line), `@file:selector` (JSONPath), a glob or a file. Several: every combination.',
      examples: [{ sample: '${job.samples}' }, { chunk: 'chunks/*.fa' }],
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
  const scatter = namedRecord(source.scatter, { of: path, key: 'scatter' }, report);
  if (Object.keys(scatter).length === 0 && !context.incomplete.has(path))
    report.error('wrong-type', [...path, 'scatter'], '`scatter` names nothing to scatter over.', {
      hint: 'Write "name: source", such as "sample: ${job.samples}".',
    });
  return {
    kind: 'scatter',
    ...position,
    scatter,
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

/** Returns true if a text inside the node uses `parent`: only then do the branches need its data. */
function namesParent(node: unknown): boolean {
  if (typeof node === 'string') return /\bparent[.[]/.test(node);
  return typeof node === 'object' && node !== null && Object.values(node).some(namesParent);
}
