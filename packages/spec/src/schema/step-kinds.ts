import type { TSchema } from 'typebox';
import type { StepKind } from '../model.js';
import type { PlainMap } from '../syntax/document.js';
import { batchSchema } from './batch.js';
import { chooserSchema, parallelChooserSchema } from './chooser.js';
import { nativeSchema } from './native.js';
import { scatterSchema } from './scatter.js';
import { subpipeSchema } from './subpipe.js';

export interface StepKindDefinition {
  /** The field that makes a step one of this kind. */
  readonly key: string;
  readonly schema: TSchema;
  /** Fields that stand in for required ones that are missing or broken, so that the rest can still be checked. */
  readonly placeholder: PlainMap;
}

/** The kinds of steps. A new kind needs an entry here, a schema beside, a normaliser and a compiler. */
export const stepKinds = {
  batch: { key: 'commands', schema: batchSchema, placeholder: { commands: ':' } },
  scatter: { key: 'scatter', schema: scatterSchema, placeholder: { scatter: {}, steps: undefined } },
  subpipe: { key: 'subpipe', schema: subpipeSchema, placeholder: { subpipe: '-' } },
  native: { key: 'Type', schema: nativeSchema, placeholder: { Type: 'Pass' } },
  chooser: { key: 'choices', schema: chooserSchema, placeholder: { choices: [{ if: 'False', next: '-' }] } },
  'parallel-chooser': {
    key: 'branches',
    schema: parallelChooserSchema,
    placeholder: { branches: [{ steps: undefined }] },
  },
} as const satisfies Record<StepKind, StepKindDefinition>;

/** The kinds whose key a step's specification has: exactly one when the step is well made. */
export function kindsOf(specification: PlainMap): StepKind[] {
  return stepKindNames.filter((kind) => Object.hasOwn(specification, stepKinds[kind].key));
}

export const stepKindNames = ['batch', 'scatter', 'subpipe', 'native', 'chooser', 'parallel-chooser'] as const;
