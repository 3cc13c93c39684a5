import { type Static, Type } from 'typebox';
import type { ChooserStep } from '../model.js';
import type { NormaliseContext } from '../normalise/context.js';
import { namedRecord } from '../normalise/named-entries.js';
import { condition, fields, files, flow, oneOrMore, text } from '../schema/fields.js';
import { type StepPosition, stepKind } from './kind.js';

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

const chooserSchema = fields(
  {
    inputs: Type.Optional(files('Name → JSON file for the conditions.', [{ qc: 'qc.json' }])),
    choices: oneOrMore(choice, 'a list of maps of if and next', {
      description:
        'The first true condition decides; when none is true `next` follows, or else the next step in order.',
      examples: [[{ if: 'qc.depth < 30', next: 'resequence' }]],
    }),
    next: flow.next,
  },
  { title: 'Chooser step', description: 'Decides which step follows.' },
);

type ChooserTemplate = Static<typeof chooserSchema>;

/** A step that decides which step runs next. */
export const chooser = stepKind({
  kind: 'chooser',
  key: 'choices',
  schema: chooserSchema,
  placeholder: { choices: [{ if: 'False', next: '-' }] },
  uses: { inputs: 'run-time', choices: { if: 'expression' } },
  normalise: normaliseChooser,
});

function normaliseChooser(source: ChooserTemplate, position: StepPosition, { report }: NormaliseContext): ChooserStep {
  return {
    kind: 'chooser',
    ...position,
    inputs: namedRecord(source.inputs, { of: position.path, key: 'inputs' }, report),
    choices: (Array.isArray(source.choices) ? source.choices : [source.choices]).map((choice) => ({
      if: choice.if,
      next: choice.next,
    })),
  };
}
