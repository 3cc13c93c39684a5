import { beforeAll, describe, expect, it } from 'vitest';
import {
  deploy,
  ensureBucket,
  type JobStatus,
  readLogs,
  readStatus,
  redrive,
  type StepLogLine,
  submit,
  watchJobs,
} from '../../src/index.js';
import { useEngine } from '../engine.js';

const engine = useEngine();

/** A scatter whose branches hold another one; `7.2` fails in the inner one, `bad` in the outer one. */
const scatter = (tolerance: number): string => `
Transform: BC2_Compiler
Repository: s3://branches-data/\${job.id}
Options: {versioned: true}
Steps:
  - lanes:
      scatter: {lane: "\${job.lanes}"}
      error_tolerance: ${tolerance}
      steps:
        - align:
            image: registry.example.org/aligner:1.0
            inputs: {}
            commands:
              - echo aligning \${scatter.lane}
              - test \${scatter.lane} != bad || exit 4
            retry: {attempts: 0}
        - chunks:
            scatter: {chunk: [1, 2]}
            error_tolerance: ${tolerance}
            steps:
              - call:
                  image: registry.example.org/caller:1.0
                  inputs: {}
                  commands: |
                    echo calling \${scatter.lane}.\${scatter.chunk}
                    test \${scatter.lane}.\${scatter.chunk} != 7.2 || exit 9
                  retry: {attempts: 0}
`;

const subpipe = `
Transform: BC2_Compiler
Repository: s3://branches-data/\${job.id}
Options: {versioned: true}
Steps:
  - report: {subpipe: strict}
`;

async function run(workflow: string, id: string, lanes: readonly (string | number)[]): Promise<JobStatus> {
  const files = [{ name: `${id}.json`, body: JSON.stringify({ id: `${workflow}/${id}`, lanes }) }];
  const [job] = await submit(engine.clients, { workflow, files });
  const [ended] = await watchJobs(engine.clients, { workflow, executionNames: [job?.executionName ?? ''] });
  if (ended === undefined) throw new Error('The job has no execution.');
  return ended;
}

async function logOf(execution: string, step?: string): Promise<StepLogLine[]> {
  const lines: StepLogLine[] = [];
  for await (const line of readLogs(engine.clients, { execution, ...(step === undefined ? {} : { step }) })) {
    if (line.source === 'commands' && /^(aligning|calling)/.test(line.text)) lines.push(line);
  }
  return lines;
}

const branches = ({ steps }: JobStatus) => steps.find(({ name }) => name === 'lanes.map');

beforeAll(async () => {
  await ensureBucket(engine.clients, 'branches-data');
  await deploy(engine.clients, { workflow: 'strict', template: scatter(0) });
});

describe('a job that fails in a branch of a scatter', () => {
  it('names the branch, the step in it and what that wrote', async () => {
    const status = await run('strict', 'outer', ['bad']);
    expect(branches(status)).toMatchObject({
      status: 'failed',
      branches: { total: 1, failed: 1, succeeded: 0, running: 0, waiting: 0 },
      failedBranches: [{ index: '00000' }],
    });
    expect(status.failure).toMatchObject({
      within: [{ step: 'lanes.map', branch: '00000' }],
      step: 'align',
      reason: 'the commands ended with exit code 4',
      exitCode: 4,
    });
    expect(status.failure?.lastLines.map(({ text }) => text)).toContain('aligning bad');
  });

  it('is followed into scatters inside of scatters, and the branch can be looked at by itself', async () => {
    const { failure, name } = await run('strict', 'inner', [7]);
    expect(failure).toMatchObject({
      within: [
        { step: 'lanes.map', branch: '00000' },
        { step: 'chunks.map', branch: '00000-00001' },
      ],
      step: 'call',
      exitCode: 9,
    });
    expect(failure?.lastLines.map(({ text }) => text)).toContain('calling 7.2');
    const execution = failure?.within[0]?.execution ?? '';
    expect(await readStatus(engine.clients, { execution })).toMatchObject({
      workflow: 'strict',
      version: 1,
      branch: '00000',
      status: 'FAILED',
      failure: { within: [{ branch: '00000-00001' }], step: 'call' },
    });
    expect((await logOf(execution)).map(({ text }) => text)).toContain('aligning 7');
    await expect(redrive(engine.clients, { execution })).rejects.toMatchObject({
      code: 'not-redrivable',
      message: expect.stringContaining('is branch 00000 of a job'),
    });
    expect((await redrive(engine.clients, { execution: name })).workflow).toBe('strict');
  });

  it('is followed into a subpipe', async () => {
    await deploy(engine.clients, { workflow: 'parent', template: subpipe });
    const { failure, arn } = await run('parent', 'sub', ['bad']);
    expect(failure).toMatchObject({
      within: [{ step: 'report.subpipe' }, { step: 'lanes.map', branch: '00000' }],
      step: 'align',
      exitCode: 4,
    });
    const lines = await logOf(arn, 'report');
    expect(lines.map(({ step, text }) => `${step}: ${text}`)).toEqual(['align: aligning bad']);
    expect(lines[0]?.within).toEqual(failure?.within);
  });
});

describe('a job that tolerates branches that fail', () => {
  it('tells how many there are and which, although it succeeded; its logs are those of all branches', async () => {
    await deploy(engine.clients, { workflow: 'tolerant', template: scatter(1) });
    const status = await run('tolerant', 'two', [5, 'bad']);
    expect(status).toMatchObject({ status: 'SUCCEEDED' });
    expect(status.failure).toBeUndefined();
    expect(branches(status)).toMatchObject({
      branches: { total: 2, succeeded: 1, failed: 1, aborted: 0 },
      failedBranches: [{ index: '00001' }],
    });
    const all = await logOf(status.arn);
    expect(all.map(({ within, text }) => `${within.at(-1)?.branch} ${text}`).sort()).toEqual([
      '00000 aligning 5',
      '00000-00000 calling 5.1',
      '00000-00001 calling 5.2',
      '00001 aligning bad',
    ]);
    expect((await logOf(status.arn, 'align')).map(({ step }) => step)).toEqual(['align', 'align']);
    expect((await logOf(status.arn, 'chunks')).map(({ step }) => step)).toEqual(['call', 'call']);
  });

  it('is not told to have failed there when it fails elsewhere', async () => {
    const template = `${scatter(1)}  - merge:
      image: registry.example.org/merger:1.0
      inputs: {}
      commands: exit 5
      retry: {attempts: 0}
`;
    await deploy(engine.clients, { workflow: 'merging', template });
    const { failure } = await run('merging', 'two', [5, 'bad']);
    expect(failure).toMatchObject({ within: [], step: 'merge', exitCode: 5 });
  });
});

describe('a job that fails after a branch whose failure was caught', () => {
  it('blames what failed in the end', async () => {
    const template = `
Transform: BC2_Compiler
Repository: s3://branches-data/\${job.id}
Options: {versioned: true}
Steps:
  - both:
      Type: Parallel
      Branches:
        - steps:
            - risky:
                image: registry.example.org/x:1.0
                inputs: {}
                commands: exit 3
                retry: {attempts: 0}
      Catch: [{ErrorEquals: [States.ALL], Next: broken}]
  - broken: {Type: Fail, Error: Unfit, Cause: nothing to go on with}
`;
    await deploy(engine.clients, { workflow: 'catching', template });
    const { failure, steps } = await run('catching', 'x', []);
    expect(steps.find(({ name }) => name === 'risky')?.status).toBe('failed');
    expect(failure).toMatchObject({ step: 'broken', reason: 'nothing to go on with' });
  });
});
