import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { aliveLine, changeLines } from '../../src/progress/changes.js';
import { at, counts, job, step } from './jobs.js';

const style = pc.createColors(false);
const execution = 'arn:aws:states:us-east-1:123456789012:execution:wf--2/label:3f0e';

describe('the changes of a job', () => {
  const before = job('sample-1', [step('align', 'running'), step('lanes.map', 'running')]);
  const after = job('sample-1', [
    step('align', 'succeeded', { retries: 1 }),
    step('lanes.map', 'running', {
      branches: counts(103, { succeeded: 12, failed: 1 }),
      failedBranches: [{ index: '00007', execution }],
    }),
    step('call', 'running'),
    step('count', 'failed', { startedAt: at(1), stoppedAt: at(3) }),
  ]);

  it('are a line for each step that began, ended, was retried, and for each branch that failed', () => {
    expect(changeLines(before, after, { style, which: 'all' })).toEqual([
      'sample-1  align: retry 1',
      'sample-1  align: succeeded after 1.0 s',
      `sample-1  lanes.map: branch 00007 failed  ${execution}`,
      'sample-1  call: running',
      'sample-1  count: failed after 2.0 s',
    ]);
    expect(changeLines(after, after, { style, which: 'all' })).toEqual([]);
  });

  it('are only the failures beside a frame', () => {
    expect(changeLines(undefined, after, { style, which: 'failures' })).toEqual([
      'sample-1  align: retry 1',
      `sample-1  lanes.map: branch 00007 failed  ${execution}`,
      'sample-1  count: failed after 2.0 s',
    ]);
  });
});

describe('a sign of life', () => {
  it('names the running steps with how far they are', () => {
    const running = job('sample-1', [
      step('align', 'succeeded'),
      step('lanes.map', 'running', { branches: counts(100, { succeeded: 48, failed: 2 }) }),
      step('call', 'running'),
    ]);
    expect(aliveLine(running, at(60))).toBe(
      'sample-1  still running after 1 min 0 s: lanes.map 50/100, 2 failed, about 1 min 0 s left, call',
    );
    expect(aliveLine(job('sample-2', []), at(5))).toBe('sample-2  still running after 5.0 s');
  });
});
