import type { ScatterStep } from '../model.js';
import { parseTolerance } from '../scalars/tolerance.js';
import type { ScatterTemplate } from '../schema/scatter.js';
import { type NormaliseContext, readScalar } from './context.js';
import { namedRecord } from './named-entries.js';
import { numberOf } from './scalars.js';
import type { StepPosition } from './step-position.js';
import { normaliseBlock } from './steps.js';

/** A scatter step with every default filled in. */
export function normaliseScatter(
  source: ScatterTemplate,
  position: StepPosition,
  context: NormaliseContext,
): ScatterStep {
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
    inputs: namedRecord(source.inputs, { of: path, key: 'inputs' }, report),
    steps: normaliseBlock(source.steps, [...path, 'steps'], context),
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
