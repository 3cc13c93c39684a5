import type { ParallelChooserStep } from '@bclaw/spec';
import { describe, expect, it } from 'vitest';
import { compiled } from '../compiled.js';
import { batchStep, workflow } from '../workflows.js';

const extras: ParallelChooserStep = {
  kind: 'parallel-chooser',
  name: 'extras',
  path: [],
  inputs: { qc: 'qc.json' },
  branches: [
    { steps: [batchStep('always')] },
    { if: 'qc.deep', steps: [batchStep('deep')] },
    { if: 'qc.wide', steps: [batchStep('wide')] },
  ],
};
const states = (step: ParallelChooserStep) => compiled(workflow([step, batchStep('report')])).definition.States;

describe('the states of a parallel chooser step', () => {
  it('evaluate all conditions in one call, and let each branch look at its own', () => {
    const {
      Initialize: _,
      report: __,
      ...own
    } = states({
      ...extras,
      branches: extras.branches.map((branch) => ({ ...branch, steps: [{ ...wait, name: branch.if ?? 'always' }] })),
    });
    expect(own).toMatchSnapshot();
  });

  it('count the conditions, not the branches', () => {
    const text = JSON.stringify(states(extras)['extras.parallel']);
    expect(text).toContain('"Variable":"$.chosen.choices[0]","BooleanEquals":true,"Next":"deep"');
    expect(text).toContain('"Variable":"$.chosen.choices[1]","BooleanEquals":true,"Next":"wide"');
    expect(text).not.toContain('choices[2]');
  });

  it('are the Parallel alone when every branch runs always', () => {
    const always = states({ ...extras, branches: [{ steps: [batchStep('one')] }, { steps: [batchStep('two')] }] });
    expect(always['extras']).toMatchObject({ Type: 'Parallel', ResultPath: null, Next: 'report' });
    expect(always).not.toHaveProperty('extras.parallel');
  });
});

const wait = { kind: 'native', path: [], type: 'Wait', fields: { Seconds: 1 }, branches: [], catch: [] } as const;
