import { type Static, Type } from 'typebox';
import { fields, files, flow, oneOrMore, stepsBlock, text } from './fields.js';

const condition = text('a condition', {
  description: 'A condition in Python’s expression syntax.',
  examples: ['job.kind == "rna"'],
});

const choice = fields(
  {
    if: condition,
    next: text('the name of a step', {
      description: 'Step of the same block that follows when the condition holds.',
      examples: ['summarise'],
    }),
  },
  { expects: 'a map of if and next' },
);

/** A step that decides which step follows. */
export const chooserSchema = fields(
  {
    inputs: Type.Optional(files('Name → JSON file for the conditions.', [{ qc: 'qc.json' }])),
    choices: oneOrMore(choice, 'a list of maps of if and next', {
      description: 'The first true condition decides; when none is true the next step in order follows.',
      examples: [[{ if: 'qc.depth < 30', next: 'resequence' }]],
    }),
  },
  { title: 'Chooser step', description: 'Decides which step follows.' },
);

export type ChooserTemplate = Static<typeof chooserSchema>;

const branch = fields(
  { if: Type.Optional(condition), steps: stepsBlock('The steps of the branch.') },
  { expects: 'a map of steps and, optionally, if', standIn: { steps: undefined } },
);

/** A step that runs every branch whose condition holds. */
export const parallelChooserSchema = fields(
  {
    inputs: Type.Optional(files('Name → JSON file for the conditions.', [{ qc: 'qc.json' }])),
    branches: Type.Array(branch, {
      minItems: 1,
      expects: 'a list of maps of steps and, optionally, if',
      description: 'Every branch whose condition is true runs, and every branch without one.',
      examples: [[{ if: 'qc.depth >= 30', steps: [{ deep: { commands: 'call --deep' } }] }]],
    }),
    ...flow,
  },
  { title: 'Parallel chooser step', description: 'Runs every branch whose condition holds.' },
);

export type ParallelChooserTemplate = Static<typeof parallelChooserSchema>;
