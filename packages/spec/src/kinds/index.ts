import type { StepKind } from '../model.js';
import { batch } from './batch.js';
import { chooser } from './chooser.js';
import type { StepKindDefinition } from './kind.js';
import { native } from './native.js';
import { parallelChooser } from './parallel-chooser.js';
import { scatter } from './scatter.js';
import { subpipe } from './subpipe.js';

/** The kinds of steps. */
export const stepKinds: Readonly<Record<StepKind, StepKindDefinition>> = {
  batch,
  scatter,
  subpipe,
  native,
  chooser,
  'parallel-chooser': parallelChooser,
};

/** The kinds of steps, in the order in which messages list them. */
export const allStepKinds: readonly StepKindDefinition[] = Object.values(stepKinds);
