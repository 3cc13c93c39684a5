import type { ChooserStep, ParallelChooserStep } from '../model.js';
import type { ChooserTemplate, ParallelChooserTemplate } from '../schema/chooser.js';
import type { NormaliseContext } from './context.js';
import { namedRecord } from './named-entries.js';
import type { StepPosition } from './step-position.js';
import { normaliseBlock } from './steps.js';

/** A chooser step with every default filled in. */
export function normaliseChooser(
  source: ChooserTemplate,
  position: StepPosition,
  { report }: NormaliseContext,
): ChooserStep {
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

/** A parallel chooser step with every default filled in. */
export function normaliseParallelChooser(
  source: ParallelChooserTemplate,
  position: StepPosition,
  context: NormaliseContext,
): ParallelChooserStep {
  const { path } = position;
  return {
    kind: 'parallel-chooser',
    ...position,
    inputs: namedRecord(source.inputs, { of: path, key: 'inputs' }, context.report),
    branches: source.branches.map((branch, index) => ({
      ...(branch.if === undefined ? {} : { if: branch.if }),
      steps: normaliseBlock(branch.steps, [...path, 'branches', index, 'steps'], context),
    })),
  };
}
