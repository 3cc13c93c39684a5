import type { Failure, JobStatus } from '@bclaw/ops';
import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { failureLines, hiddenLines, jobStatusText, stepLabel } from '../src/job-lines.js';

const plain = pc.createColors(false);
const at = (seconds: number) => new Date(seconds * 1_000);
const execution = 'arn:aws:states:us-east-1:123456789012:execution:wf--2/label:3f0e';

const scattered: JobStatus = {
  arn: 'arn:aws:states:us-east-1:123456789012:execution:wf--2:sample-1_AbCdEfGh',
  name: 'sample-1_AbCdEfGh',
  workflow: 'wf',
  version: 2,
  status: 'FAILED',
  startedAt: at(0),
  stoppedAt: at(9),
  input: '{}',
  steps: [
    { name: 'lanes', status: 'succeeded', startedAt: at(0), stoppedAt: at(1), retries: 0, jobIds: [] },
    {
      name: 'lanes.map',
      status: 'failed',
      startedAt: at(1),
      stoppedAt: at(9),
      retries: 0,
      jobIds: [],
      branches: { total: 20, waiting: 0, running: 0, succeeded: 6, failed: 12, aborted: 2 },
      failedBranches: [{ index: '00007', execution }],
    },
  ],
  failure: {
    within: [{ step: 'lanes.map', branch: '00007', execution }],
    step: 'align',
    reason: 'the commands ended with exit code 4',
    exitCode: 4,
    lastLines: [{ time: at(8), source: 'commands', text: 'no reads' }],
  },
};

describe('the status of a job with branches', () => {
  it('counts them, lists those that failed and says in which one why', () => {
    expect(jobStatusText(scattered, plain).split('\n')).toEqual([
      'sample-1_AbCdEfGh  FAILED  wf version 2  9.0 s',
      '',
      'STEP       STATUS     TIME   RETRIES  BRANCHES',
      'lanes      succeeded  1.0 s  0',
      'lanes.map  failed     8.0 s  0        20: 6 succeeded, 12 failed, 2 aborted',
      '',
      'Failed branches of lanes.map:',
      'BRANCH  EXECUTION',
      `00007   ${execution}`,
      'and 11 more',
      '',
      'failed step align in branch 00007 of lanes.map: the commands ended with exit code 4',
      '',
      'The last lines of its log:',
      '  no reads',
    ]);
  });

  it('tells what a green job hides', () => {
    const { failure: _, ...job } = scattered;
    const step = { startedAt: at(0), stoppedAt: at(1), retries: 0, jobIds: [] };
    const green: JobStatus = {
      ...job,
      status: 'SUCCEEDED',
      steps: [
        { ...step, name: 'make', status: 'skipped' },
        { ...step, name: 'count', status: 'succeeded', missingOutputs: ['log'] },
      ],
      inBranches: [
        { step: 'each', kind: 'skipped', branches: 12 },
        { step: 'each', kind: 'missing-output', output: 'bam', branches: 1 },
      ],
    };
    const hidden = [
      'step each was skipped in 12 branches',
      'warning step count did not write its output "log"',
      'warning step each did not write its output "bam" in 1 branch',
    ];
    expect(jobStatusText(green, plain).split('\n').slice(2)).toEqual([
      'STEP   STATUS     TIME   RETRIES',
      'make   skipped    1.0 s  0',
      'count  succeeded  1.0 s  0',
      '',
      ...hidden,
    ]);
    expect(hiddenLines(green, plain)).toEqual(['step make was skipped', ...hidden]);
    expect(hiddenLines({ ...job, notesIncomplete: 'denied' }, plain)).toEqual([
      'warning skipped steps, missing outputs and warnings are not known: S3 does not let you list the notes in the repository',
    ]);
  });

  it('leads from the innermost place to the outermost', () => {
    const within = [
      { step: 'report.subpipe', execution },
      { step: 'lanes.map', branch: '00007', execution },
    ];
    const failure: Failure = { within, step: 'align', reason: 'it is broken', lastLines: [] };
    expect(failureLines({ status: 'FAILED' }, failure, plain)).toEqual([
      'failed step align in branch 00007 of lanes.map, in the execution that report.subpipe started: it is broken',
    ]);
  });
});

describe("the label of a step's log lines", () => {
  it('is its name, with the branch and the subpipe that it is in', () => {
    const branch = (index: string) => ({ step: 'lanes.map', branch: index, execution });
    const sub = { step: 'report.subpipe', execution };
    expect(stepLabel('align', [])).toBe('align');
    expect(stepLabel('align', [branch('00007'), branch('00007-00001')])).toBe('align[00007-00001]');
    expect(stepLabel('draw', [sub])).toBe('report.subpipe/draw');
    expect(stepLabel('draw', [branch('00007'), sub, branch('00000')])).toBe('report.subpipe[00007]/draw[00000]');
  });
});
