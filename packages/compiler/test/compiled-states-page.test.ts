import { readFileSync } from 'node:fs';
import type { Step } from '@bclaw/spec';
import { describe, expect, it } from 'vitest';
import { type State, statesIn } from '../src/states-language.js';
import { compiled } from './compiled.js';
import { batchStep, workflow } from './workflows.js';

const page = readFileSync(new URL('../../../docs/explanation/compiled-states.md', import.meta.url), 'utf8');
const inputs = { qc: 'qc.json' };
const block = (name: string) => [batchStep(name)];
const own = { path: [], name: 'step' };

/** A minimal step of each kind. */
const steps: Readonly<Record<string, Step>> = {
  batch: batchStep('step', { inputs, outputs: { out: { file: 'out.txt', s3Tags: {} } } }),
  scatter: {
    ...own,
    kind: 'scatter',
    scatter: { sample: '${job.samples}' },
    inputs,
    outputs: { out: '*.txt' },
    maxConcurrency: 0,
    errorTolerance: { count: 0 },
    steps: block('in'),
  },
  subpipe: { ...own, kind: 'subpipe', subpipe: 'other', submit: [], retrieve: [] },
  'subpipe that retrieves': {
    ...own,
    kind: 'subpipe',
    subpipe: 'other',
    submit: [],
    retrieve: [{ from: 'a', to: 'b' }],
  },
  chooser: { ...own, kind: 'chooser', inputs, choices: [{ if: 'qc.reads < 10', next: 'last' }] },
  'parallel chooser, two conditions': {
    ...own,
    kind: 'parallel-chooser',
    inputs,
    branches: [
      { if: 'qc.a', steps: block('one') },
      { if: 'qc.b', steps: block('two') },
    ],
  },
  'parallel chooser, no condition': {
    ...own,
    kind: 'parallel-chooser',
    inputs: {},
    branches: [{ steps: block('one') }, { steps: block('two') }],
  },
  'native Wait': { ...own, kind: 'native', type: 'Wait', fields: { Seconds: 60 }, branches: [], catch: [] },
  'native Parallel': {
    ...own,
    kind: 'native',
    type: 'Parallel',
    fields: {},
    branches: [block('one'), block('two')],
    catch: [],
  },
};

const isCall = (state: State): boolean => state.Type === 'Task' && String(state['Resource']).endsWith(':lambda:invoke');

/** Bytes of a state with its name, as written in a definition. */
const bytes = ([name, state]: readonly [string, State]): number => JSON.stringify({ [name]: state }).length - 1;

function row(kind: string, step: Step): string {
  const all = [...statesIn(compiled(workflow([step, batchStep('last')])).definition)];
  const isOwn = ([name]: readonly [string, State]) => /^step(?:\.|$)/.test(name);
  const mine = all.filter(isOwn);
  const top = new Set(Object.keys(compiled(workflow([step, batchStep('last')])).definition.States));
  const others = all
    .filter((entry) => !isOwn(entry) && !top.has(entry[0]))
    .reduce((sum, entry) => sum + bytes(entry), 0);
  const whole = mine.filter(([name]) => top.has(name)).reduce((sum, entry) => sum + bytes(entry), 0);
  const calls = mine.filter(([, state]) => isCall(state)).length;
  return `| ${kind} | ${mine.length} | ${calls} | ${whole - others} |`;
}

describe('docs/explanation/compiled-states.md', () => {
  it.each(Object.entries(steps))('has the figures of: %s', (kind, step) => {
    expect(page).toContain(row(kind, step));
  });

  it('calls no function for a branch', () => {
    const { definition } = compiled(workflow([steps['scatter'] ?? batchStep('step')]));
    const map = definition.States['step.map'];
    const inside = map?.Type === 'Map' ? [...statesIn(map.ItemProcessor)] : [];
    expect(inside.map(([, state]) => isCall(state))).toEqual([false]);
  });
});
