import type { NativeStep } from '@bclaw/spec';
import { describe, expect, it } from 'vitest';
import { reachableSteps } from '../../src/checks/reachable-steps.js';
import { compiled, ofVersion } from '../compiled.js';
import { batchStep, everyKind, workflow } from '../workflows.js';

describe('reachableSteps', () => {
  it('leaves out what no way leads to, with all that belongs to it', () => {
    const { definition, template } = compiled(
      workflow([batchStep('first', { next: 'third' }), batchStep('second'), batchStep('third')]),
    );
    expect(Object.keys(definition.States)).toEqual(['Initialize', 'first', 'third']);
    expect(template.Resources).not.toHaveProperty(ofVersion('SecondJobDefinition'));
  });

  it('follows choices and catchers', () => {
    const native: NativeStep = {
      kind: 'native',
      name: 'try',
      path: [],
      type: 'Task',
      fields: {},
      branches: [],
      catch: [{ errors: ['States.ALL'], next: 'mend' }],
    };
    const names = reachableSteps([native, batchStep('mend'), batchStep('never')]).map(({ name }) => name);
    expect(names).toEqual(['try', 'mend']);
    expect(reachableSteps(everyKind.steps)).toEqual(everyKind.steps);
  });

  it('looks into blocks, too', () => {
    const block = [batchStep('in'), batchStep('never')];
    const native: NativeStep = {
      kind: 'native',
      name: 'both',
      path: [],
      type: 'Parallel',
      fields: {},
      branches: [block],
      catch: [],
    };
    expect(reachableSteps([native])).toMatchObject([{ branches: [[{ name: 'in' }]] }]);
  });
});
