import type { ChooserStep } from '@bclaw/spec';
import { describe, expect, it } from 'vitest';
import { compiled } from '../compiled.js';
import { batchStep, workflow } from '../workflows.js';

const chooser: ChooserStep = {
  kind: 'chooser',
  name: 'enough',
  path: [],
  inputs: { qc: 'qc.json' },
  choices: [
    { if: 'qc.reads < 10', next: 'few' },
    { if: 'qc.reads < 100', next: 'some' },
  ],
};

describe('the states of a chooser step', () => {
  const { States } = compiled(workflow([chooser, batchStep('many'), batchStep('some'), batchStep('few')])).definition;

  it('evaluate the conditions, and go where the first that holds leads', () => {
    expect({ enough: States['enough'], 'enough.choose': States['enough.choose'] }).toMatchSnapshot();
  });

  it('go on with the step after when no condition holds', () => {
    expect(States['enough.choose']).toMatchObject({ Default: 'many' });
  });
});
