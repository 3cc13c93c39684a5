import { type Static, Type } from 'typebox';
import type { Catcher, NativeStep } from '../model.js';
import type { NormaliseContext } from '../normalise/context.js';
import { fields, flow, stepsBlock, text } from '../schema/fields.js';
import { isMap, type PlainMap } from '../syntax/document.js';
import { type StepPosition, stepKind } from './kind.js';
import { checkStateFields } from './state-fields.js';

/** State types that a native step may have. */
const nativeTypes = ['Pass', 'Task', 'Wait', 'Succeed', 'Fail', 'Parallel'] as const;

const branch = fields(
  { steps: stepsBlock('The steps of one branch.') },
  {
    expects: 'a map {steps: […]}',
    standIn: { steps: undefined },
  },
);

const nativeSchema = Type.Object(
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

type NativeTemplate = Static<typeof nativeSchema>;

/** A state of the States Language. Its other fields are those of the States Language. */
export const native = stepKind({
  kind: 'native',
  key: 'Type',
  schema: nativeSchema,
  placeholder: { Type: 'Pass' },
  uses: { next: 'static', end: 'static' },
  // Only fields of the States Language begin with a capital.
  otherFields: { names: /^[A-Z]/, use: 'native' },
  normalise: normaliseNative,
  inside: {
    blocks: ({ branches }) => branches,
    withBlocks: (step, change) => ({ ...step, branches: step.branches.map(change) }),
  },
});

/** A native step: bclaw controls order and payload, all other fields belong to the States Language. */
function normaliseNative(source: NativeTemplate, position: StepPosition, context: NormaliseContext): NativeStep {
  const { path, name } = position;
  const { report } = context;
  const { Type: type, Branches: branches, next: _next, end: _end, ...fields } = source;
  const isTerminal = type === 'Succeed' || type === 'Fail';
  const [ignored] = isTerminal ? ['next', 'end', 'Next', 'End'].filter((field) => Object.hasOwn(source, field)) : [];
  if (ignored !== undefined)
    report.warning('ignored-field', [...path, ignored], `Nothing follows a ${type} state.`, {
      hint: 'Remove this field.',
      spot: 'key',
    });
  const isSound = !context.incomplete.has(path);
  if (type === 'Parallel' && branches === undefined && isSound)
    report.error('missing-field', path, `\`Branches\` is missing in the Parallel \`${name}\`.`, {
      hint: 'Add `Branches`: a list of maps {steps: […]}.',
      spot: 'key',
    });
  if (type !== 'Parallel' && branches !== undefined && isSound)
    report.error('unknown-field', [...path, 'Branches'], `A ${type} state has no \`Branches\`.`, {
      hint: 'Only a Parallel has branches.',
      spot: 'key',
    });
  if (isSound) checkStateFields(type, fields, position, context);
  return {
    kind: 'native',
    name,
    path,
    ...(position.next === undefined || isTerminal ? {} : { next: position.next }),
    type,
    fields: Object.fromEntries(Object.entries(fields).filter(([field]) => field !== 'Next' && field !== 'End')),
    branches: (branches ?? []).map(({ steps }, index) => context.block(steps, [...path, 'Branches', index, 'steps'])),
    catch: catchersOf(source),
  };
}

/** `Catch` is passed through unchanged, so it may have any shape. */
function catchersOf({ Catch: catchers }: PlainMap): readonly Catcher[] {
  if (!Array.isArray(catchers)) return [];
  return catchers.flatMap((catcher: unknown): Catcher[] => {
    if (!isMap(catcher) || typeof catcher['Next'] !== 'string') return [];
    const errors: unknown = catcher['ErrorEquals'];
    return [{ errors: Array.isArray(errors) ? errors.map(String) : [], next: catcher['Next'] }];
  });
}
