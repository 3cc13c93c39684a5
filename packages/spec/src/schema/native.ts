import { type Static, Type } from 'typebox';
import { fields, flow, stepsBlock, text } from './fields.js';

/** State types that a native step may have. */
const nativeTypes = ['Pass', 'Task', 'Wait', 'Succeed', 'Fail', 'Parallel'] as const;

const branch = fields(
  { steps: stepsBlock('The steps of one branch.') },
  {
    expects: 'a map {steps: […]}',
    standIn: { steps: undefined },
  },
);

/** A state of the States Language. Its other fields are the States Language's own. */
export const nativeSchema = Type.Object(
  {
    Type: Type.Union(
      nativeTypes.map((type) => Type.Literal(type)),
      {
        expects: `one of ${nativeTypes.join(', ')}`,
        instead: {
          Choice: 'Use a chooser step: `choices`, a list of maps of `if` and `next`.',
          Map: 'Use a scatter step: `scatter` and `steps`.',
        },
        description: 'Type of the state.',
        examples: ['Wait', 'Pass'],
      },
    ),
    Branches: Type.Optional(
      Type.Array(branch, {
        minItems: 1,
        expects: 'a list of maps {steps: […]}',
        description: 'Of a Parallel: its branches.',
        examples: [[{ steps: [{ one: { Type: 'Pass' } }] }, { steps: [{ other: { Type: 'Pass' } }] }]],
      }),
    ),
    ResultPath: Type.Optional(
      Type.Unknown({ description: 'Always null: a native step does not change the payload.', default: null }),
    ),
    OutputPath: Type.Optional(Type.Unknown({ description: 'Always "$".', default: '$' })),
    Comment: Type.Optional(
      text('a text', { description: 'What the state does.', examples: ['Lets the cluster cool down'] }),
    ),
    ...flow,
  },
  {
    title: 'Native step',
    description: 'A state of the Amazon States Language.',
    expects: 'a map',
    additionalProperties: true,
  },
);

export type NativeTemplate = Static<typeof nativeSchema>;
