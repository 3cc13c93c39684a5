import type { ScatterStep } from '@bclaw/spec';
import { describe, expect, it } from 'vitest';
import { type MapState, type State, statesIn } from '../../src/states-language.js';
import { compiled } from '../compiled.js';
import { batchStep, workflow } from '../workflows.js';

const scatterStep = (fields: Partial<ScatterStep> = {}): ScatterStep => ({
  kind: 'scatter',
  name: 'samples',
  path: [],
  scatter: { sample: '${job.samples}', mode: ['fast', 2, true] },
  inputs: { design: 'design.csv' },
  steps: [batchStep('align', { inputs: 'auto' })],
  outputs: { bams: '*.bam' },
  maxConcurrency: 0,
  errorTolerance: { count: 0 },
  ...fields,
});

const states = (step: ScatterStep) => compiled(workflow([step, batchStep('merge')])).definition.States;

/** All states of a workflow, nested ones too, by name. */
const everyState = (step: ScatterStep) =>
  Object.fromEntries(statesIn(compiled(workflow([step, batchStep('merge')])).definition));

function mapOf(state: State | undefined): MapState {
  if (state?.Type !== 'Map') throw new Error('The state is no Map.');
  return state;
}

describe('the states of a scatter step', () => {
  it('expand the sources, run a branch for each item, and gather what the branches put out', () => {
    const { Initialize: _, merge: __, ...own } = states(scatterStep());
    expect(own).toMatchSnapshot();
  });

  it('tell the order of the sources where it is not that of their names', () => {
    expect(states(scatterStep())['samples']).toMatchObject({
      Parameters: { Payload: { scatter: { mode: ['fast', 2, true] }, order: ['sample', 'mode'] } },
    });
    expect(states(scatterStep({ scatter: { a: 'x', b: 'y' } }))['samples']).not.toHaveProperty(
      'Parameters.Payload.order',
    );
  });

  it('take the outputs of the step before where the step names no inputs and its block asks for them', () => {
    const payload = states(scatterStep({ inputs: 'auto' }))['samples'];
    expect(payload).toMatchObject({ Parameters: { Payload: { 'inputs.$': '$.prev_outputs' } } });
    expect(payload).not.toHaveProperty('Parameters.Payload.inputs');
    expect(states(scatterStep({ inputs: {} }))['samples']).toMatchObject({ Parameters: { Payload: { inputs: {} } } });
  });

  it('limit concurrency and tolerate failures only as far as the step says', () => {
    expect(states(scatterStep())['samples.map']).not.toHaveProperty('MaxConcurrency');
    expect(states(scatterStep())['samples.map']).not.toHaveProperty('ToleratedFailureCount');
    expect(states(scatterStep({ maxConcurrency: 7, errorTolerance: { count: 3 } }))['samples.map']).toMatchObject({
      MaxConcurrency: 7,
      ToleratedFailureCount: 3,
    });
    expect(states(scatterStep({ errorTolerance: { percentage: 12 } }))['samples.map']).toMatchObject({
      ToleratedFailurePercentage: 12,
    });
    expect(states(scatterStep({ errorTolerance: { percentage: 0 } }))['samples.map']).not.toHaveProperty(
      'ToleratedFailurePercentage',
    );
  });

  it('hand the manifest on to the step after, and nothing to the first step of a branch', () => {
    const own = states(scatterStep());
    expect(own['samples.gather']).toMatchObject({
      ResultSelector: { 'manifest.$': '$.Payload.manifest' },
      ResultPath: '$.prev_outputs',
      Next: 'merge',
    });
    expect(mapOf(own['samples.map']).ItemSelector).toMatchObject({ prev_outputs: {} });
  });

  it('number the branches of a branch behind its own number, however deep', () => {
    const nested = (depth: number): ScatterStep =>
      scatterStep({ name: `level${depth}`, steps: depth === 4 ? [batchStep('deepest')] : [nested(depth + 1)] });
    const all = everyState(nested(1));
    expect(mapOf(all['level1.map']).ItemSelector['index.$']).toBe('$$.Map.Item.Value.index');
    for (const depth of [2, 3, 4])
      expect(mapOf(all[`level${depth}.map`]).ItemSelector['index.$']).toBe(
        "States.Format('{}-{}',$.index,$$.Map.Item.Value.index)",
      );
    expect(all['deepest']).toMatchObject({
      Parameters: { 'JobName.$': expect.stringContaining("States.Hash($.index,'MD5')") },
    });
  });

  it('call functions twice a scatter and never in a branch', () => {
    const calls = Object.entries(everyState(scatterStep())).filter(([, state]) =>
      JSON.stringify(state).startsWith('{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke"'),
    );
    expect(calls.map(([name]) => name)).toEqual(['Initialize', 'samples', 'samples.gather']);
  });
});
