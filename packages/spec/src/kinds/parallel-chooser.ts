import { type Static, Type } from 'typebox';
import type { TemplatePath } from '../diagnostics.js';
import { given } from '../given.js';
import type { ParallelChooserStep } from '../model.js';
import type { NormaliseContext } from '../normalise/context.js';
import { namedRecord } from '../normalise/named-entries.js';
import { condition, fields, files, flow, oneOrMore, stepsBlock } from '../schema/fields.js';
import { type StepPosition, stepKind } from './kind.js';

const branch = fields(
  { if: Type.Optional(condition), steps: stepsBlock('The steps of the branch.') },
  { expects: 'a map of steps and, optionally, if', standIn: { steps: undefined } },
);

const parallelChooserSchema = fields(
  {
    inputs: Type.Optional(files('Name → JSON file for the conditions.', [{ qc: 'qc.json' }])),
    branches: oneOrMore(branch, 'a list of maps of steps and, optionally, if', {
      description: 'Every branch whose condition is true runs, and every branch without one.',
      examples: [[{ if: 'qc.depth >= 30', steps: [{ deep: { commands: 'call --deep' } }] }]],
    }),
    ...flow,
  },
  { title: 'Parallel chooser step', description: 'Runs every branch whose condition holds.' },
);

type ParallelChooserTemplate = Static<typeof parallelChooserSchema>;

/** A step that runs every branch whose condition is true. */
export const parallelChooser = stepKind({
  kind: 'parallel-chooser',
  key: 'branches',
  schema: parallelChooserSchema,
  placeholder: { branches: [{ steps: undefined }] },
  uses: { inputs: 'run-time', branches: { if: 'expression' } },
  normalise: normaliseParallelChooser,
  inside: {
    blocks: ({ branches }) => branches.map(({ steps }) => steps),
    withBlocks: (step, change) => ({
      ...step,
      branches: step.branches.map((branch) => ({ ...branch, steps: change(branch.steps) })),
    }),
  },
});

function normaliseParallelChooser(
  source: ParallelChooserTemplate,
  position: StepPosition,
  context: NormaliseContext,
): ParallelChooserStep {
  const { path } = position;
  return {
    kind: 'parallel-chooser',
    ...position,
    inputs: namedRecord(source.inputs, { of: path, key: 'inputs' }, context.report),
    branches: Array.isArray(source.branches)
      ? source.branches.map((branch, index) => branchOf(branch, [...path, 'branches', index], context))
      : [branchOf(source.branches, [...path, 'branches'], context)],
  };
}

function branchOf(
  source: Static<typeof branch>,
  path: TemplatePath,
  context: NormaliseContext,
): ParallelChooserStep['branches'][number] {
  return {
    ...given({ if: source.if }),
    steps: context.block(source.steps, [...path, 'steps']),
  };
}
