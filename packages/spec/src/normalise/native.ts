import type { Catcher, NativeStep } from '../model.js';
import type { NativeTemplate } from '../schema/native.js';
import { isMap, type PlainMap } from '../syntax/document.js';
import type { NormaliseContext } from './context.js';
import { checkStateFields } from './state-fields.js';
import type { StepPosition } from './step-position.js';
import { normaliseBlock } from './steps.js';

/** A native step: the block's order and the payload are bclaw's, all other fields are the States Language's. */
export function normaliseNative(source: NativeTemplate, position: StepPosition, context: NormaliseContext): NativeStep {
  const { path, name } = position;
  const { report } = context;
  const { Type: type, Branches: branches, next, end, ...fields } = source;
  for (const field of ['Next', 'End'])
    if (Object.hasOwn(fields, field))
      report.warning('ignored-field', [...path, field], `\`${field}\` is set by the order of the steps.`, {
        hint: `Write \`${field.toLowerCase()}\` to leave the order.`,
        spot: 'key',
      });
  const isTerminal = type === 'Succeed' || type === 'Fail';
  if (isTerminal && (next !== undefined || end !== undefined))
    report.warning(
      'ignored-field',
      [...path, next === undefined ? 'end' : 'next'],
      `Nothing follows a ${type} state.`,
      {
        hint: 'Remove this field.',
        spot: 'key',
      },
    );
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
    branches: (branches ?? []).map(({ steps }, index) =>
      normaliseBlock(steps, [...path, 'Branches', index, 'steps'], context),
    ),
    catch: catchersOf(source),
  };
}

/** `Catch` passes through as it is, so it may be of any shape. */
function catchersOf({ Catch: catchers }: PlainMap): readonly Catcher[] {
  if (!Array.isArray(catchers)) return [];
  return catchers.flatMap((catcher: unknown): Catcher[] => {
    if (!isMap(catcher) || typeof catcher['Next'] !== 'string') return [];
    const errors: unknown = catcher['ErrorEquals'];
    return [{ errors: Array.isArray(errors) ? errors.map(String) : [], next: catcher['Next'] }];
  });
}
