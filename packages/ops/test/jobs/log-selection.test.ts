import { beforeAll, describe, expect, it } from 'vitest';
import { deploy, ensureBucket, type LogsOptions, readLogs, submit, watchJobs } from '../../src/index.js';
import { partsOf } from '../../src/jobs/execution-log.js';
import { useEngine } from '../engine.js';

const engine = useEngine();

const step = (name: string, commands: string) =>
  `${name}: {image: 'registry.example.org/x:1.0', inputs: {}, commands: '${commands}', retry: {attempts: 0}}`;

/** Steps whose names begin with the name of another step, one of them with a suffix of the compiler's own states. */
const workflow = `
Transform: BC2_Compiler
Repository: s3://selection-data/\${job.id}
Options: {versioned: true}
Steps:
  - ${step('align', 'echo said align')}
  - ${step('align.v2', 'echo said align.v2')}
  - ${step('align.map', 'echo said align.map')}
  - lanes:
      scatter: {lane: [a, b]}
      error_tolerance: 1
      steps:
        - ${step('sort', 'echo said sort of ${scatter.lane}; test ${scatter.lane} = a')}
        - chunks:
            scatter: {chunk: [1, 2]}
            steps:
              - ${step('call', 'echo said call ${scatter.chunk} of ${scatter.lane}')}
  - ${step('merge', 'for n in 1 2 3; do echo said $n; sleep 0.01; done')}
`;

let execution = '';

beforeAll(async () => {
  await ensureBucket(engine.clients, 'selection-data');
  await deploy(engine.clients, { workflow: 'selected', template: workflow });
  const files = [{ name: 'x.json', body: '{"id": "x"}' }];
  const [job] = await submit(engine.clients, { workflow: 'selected', files });
  const [ended] = await watchJobs(engine.clients, {
    workflow: 'selected',
    executionNames: [job?.executionName ?? ''],
  });
  expect(ended?.status).toBe('SUCCEEDED');
  execution = ended?.arn ?? '';
});

/** The lines that the commands wrote. */
async function said(options: Omit<LogsOptions, 'execution'>): Promise<string[]> {
  const lines: string[] = [];
  for await (const { text } of readLogs(engine.clients, { execution, ...options })) {
    if (text.startsWith('said ')) lines.push(text.slice('said '.length));
  }
  return lines;
}

describe('the logs of a step', () => {
  it.each([
    ['align', ['align']],
    ['align.v2', ['align.v2']],
    ['align.map', ['align.map']],
    ['sort', ['sort of a', 'sort of b']],
    ['chunks', ['call 1 of a', 'call 2 of a']],
    ['lanes', ['call 1 of a', 'call 2 of a', 'sort of a', 'sort of b']],
  ])("of the name %s are no other step's", async (name, expected) => {
    expect((await said({ step: name })).sort()).toEqual(expected);
  });

  it('belong to the states that the compiler makes of it, which run no job themselves', () => {
    expect(partsOf({ name: 'align.map', jobIds: [] }, 'align')).toEqual([false, true]);
    expect(partsOf({ name: 'align.map', jobIds: ['4711'] }, 'align')).toEqual([false, false]);
    expect(partsOf({ name: 'align.map', jobIds: ['4711'] }, 'align.map')).toEqual([true, true]);
    expect(partsOf({ name: 'align.v2', jobIds: [] }, 'align')).toEqual([false, false]);
    expect(partsOf({ name: 'align.map.map', jobIds: [] }, 'align')).toEqual([false, false]);
  });
});

describe('the logs of a branch', () => {
  it('are those of its steps and of the branches in it', async () => {
    expect((await said({ branch: '00000' })).sort()).toEqual(['call 1 of a', 'call 2 of a', 'sort of a']);
    expect(await said({ branch: '00000-00001' })).toEqual(['call 2 of a']);
    expect(await said({ branch: '00000', step: 'sort' })).toEqual(['sort of a']);
  });

  it('are asked for in vain when there is no such branch, or no such step in it', async () => {
    await expect(said({ branch: '00007' })).rejects.toMatchObject({ code: 'no-such-branch' });
    await expect(said({ branch: '00000', step: 'merge' })).rejects.toMatchObject({
      code: 'no-such-step',
      message: expect.stringContaining('in branch 00000 of'),
    });
  });
});

describe('the logs of what failed', () => {
  it('are those of the steps that failed, also where the job went on', async () => {
    expect(await said({ failed: true })).toEqual(['sort of b']);
    expect(await said({ failed: true, step: 'align' })).toEqual([]);
  });
});

describe('the end of the logs', () => {
  it('is what was written last, over all steps', async () => {
    const all = [];
    for await (const { time } of readLogs(engine.clients, { execution })) all.push(time.getTime());
    all.sort((a, b) => a - b);
    const last = [];
    for await (const { time } of readLogs(engine.clients, { execution, tail: 5 })) last.push(time.getTime());
    expect(last).toEqual(all.slice(-5));
    expect(await said({ step: 'merge', tail: 0 })).toEqual([]);
    expect(await said({ step: 'merge', tail: 1_000 })).toEqual(['1', '2', '3']);
  });

  it('is what was written since a time', async () => {
    const times = new Map<string, Date>();
    for await (const { text, time } of readLogs(engine.clients, { execution, step: 'merge' })) times.set(text, time);
    const since = times.get('said 2');
    if (since === undefined) throw new Error('the step wrote it');
    const lines = await said({ since });
    expect(lines).toContain('3');
    expect(lines).not.toContain('align');
    expect(await said({ since: new Date(Date.now() + 60_000) })).toEqual([]);
  });
});
