import type { NativeStep, ScatterStep, Step, SubpipeStep } from '@bclaw/spec';
import { describe, expect, it } from 'vitest';
import { compile } from '../../src/compile.js';
import { options } from '../compiled.js';
import { batchStep, workflow } from '../workflows.js';

const diagnose = (...steps: readonly Step[]) => compile(workflow(steps), options).diagnostics;

/** A step whose outputs take about `bytes` bytes as JSON. */
const writing = (bytes: number, name = 'write') =>
  batchStep(name, {
    outputs: Object.fromEntries(
      Array.from({ length: bytes / 100 }, (_, index) => [
        `out${1000 + index}`,
        { file: `${index}-`.padEnd(88, 'f'), s3Tags: {} },
      ]),
    ),
  });
const reading = batchStep('read', { inputs: 'auto' });
const native: NativeStep = {
  kind: 'native',
  name: 'pause',
  path: [],
  type: 'Wait',
  fields: {},
  branches: [],
  catch: [],
};
const call: SubpipeStep = { kind: 'subpipe', name: 'call', path: [], subpipe: 'other', submit: [], retrieve: [] };
const scatter = (...steps: readonly Step[]): ScatterStep => ({
  kind: 'scatter',
  name: 'each',
  path: [],
  scatter: { item: '${job.items}' },
  inputs: {},
  outputs: {},
  maxConcurrency: 0,
  errorTolerance: { count: 0 },
  steps: steps.map((step, index) => ({ ...step, next: steps[index + 1]?.name ?? step.name })),
});

const tooLarge = [
  {
    code: 'limit-exceeded',
    message: expect.stringMatching(
      /^The job of step "read", with the outputs of the step before it as inputs, takes \d\d,\d{3} bytes; Batch allows 30,720 bytes/,
    ),
  },
];

describe('a SubmitJob request with automatic inputs', () => {
  it('may take 30 KiB with all else that a job is sent', () => {
    expect(diagnose(writing(22_000), reading)).toEqual([]);
    expect(diagnose(writing(28_000), reading)).toMatchObject(tooLarge);
  });

  it('leaves less in a branch, whose values it carries', () => {
    expect(diagnose(scatter(writing(12_000), reading))).toEqual([]);
    expect(diagnose(scatter(writing(16_000), reading))).toMatchObject(tooLarge);
  });

  it('has the outputs from before a step that hands them on', () => {
    expect(diagnose(writing(28_000), native, reading)).toMatchObject(tooLarge);
  });

  it('has nothing of what was there before a subpipe, a scatter or another batch step', () => {
    expect(diagnose(writing(28_000), call, reading)).toEqual([]);
    expect(diagnose(writing(28_000), scatter(batchStep('in')), reading)).toEqual([]);
    expect(diagnose(writing(28_000), batchStep('between'), reading)).toEqual([]);
  });

  it('does not matter to a step that names its inputs', () => {
    expect(diagnose(writing(28_000), batchStep('read'))).toEqual([]);
  });

  it('is looked at over all ways that lead to a step, loops included', () => {
    const [first, second] = [writing(28_000, 'one'), batchStep('two')];
    expect(
      diagnose(
        {
          kind: 'chooser',
          name: 'which',
          path: [],
          inputs: {},
          choices: [
            { if: 'a', next: 'one' },
            { if: 'b', next: 'read' },
          ],
        },
        { ...second, next: 'read' },
        { ...first, next: 'which' },
        reading,
      ),
    ).toMatchObject(tooLarge);
  });

  it('is looked at where only a catcher leads, too', () => {
    const attempt: NativeStep = {
      ...native,
      name: 'attempt',
      type: 'Task',
      next: 'done',
      fields: { Resource: 'arn:aws:states:::sns:publish', Catch: [{ ErrorEquals: ['States.ALL'], Next: 'read' }] },
      catch: [{ errors: ['States.ALL'], next: 'read' }],
    };
    const done: NativeStep = { ...native, name: 'done', type: 'Succeed' };
    const last = (step: NativeStep, ...steps: readonly Step[]) =>
      compile(
        { ...workflow([writing(28_000), step]), steps: [{ ...writing(28_000), next: step.name }, step, ...steps] },
        options,
      ).diagnostics;
    expect(last(attempt, done, reading)).toMatchObject(tooLarge);
  });
});

describe('what a state sends on', () => {
  it('may take 256 KiB with the payload', () => {
    const long = (count: number): ScatterStep => ({
      ...scatter(batchStep('in')),
      scatter: { item: Array.from({ length: count }, (_, index) => `item-number-${100_000 + index}`) },
    });
    expect(diagnose(long(9_000))).toEqual([]);
    expect(diagnose(long(12_000))).toMatchObject([
      {
        code: 'limit-exceeded',
        path: ['Steps', 0, 'each'],
        message: expect.stringContaining('What the state "each" sends on takes'),
        hint: expect.stringContaining('name the file'),
      },
    ]);
  });
});

describe('branches at a time', () => {
  it('are 10,000 at most', () => {
    const wide = (maxConcurrency: number) => diagnose({ ...scatter(batchStep('in')), maxConcurrency });
    expect(wide(10_000)).toEqual([]);
    expect(wide(10_001)).toMatchObject([
      { code: 'limit-exceeded', message: expect.stringContaining('10,001 branches; Step Functions allows 10,000') },
    ]);
  });
});
