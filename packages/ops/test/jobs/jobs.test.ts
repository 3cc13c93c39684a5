import { describe, expect, it } from 'vitest';
import {
  deploy,
  ensureBucket,
  findExecution,
  listExecutions,
  readLogs,
  readStatus,
  submit,
  waitForEnd,
  waitForLaunch,
} from '../../src/index.js';
import { template, useEngine } from '../engine.js';

const engine = useEngine();

async function run(workflow: string, id: string) {
  const [job] = await submit(engine.clients, {
    workflow,
    files: [{ name: `${id}.json`, body: JSON.stringify({ id }) }],
  });
  const launched = await waitForLaunch(engine.clients, { workflow, executionName: job?.executionName ?? '' });
  return { ...job, ...launched, ...(await waitForEnd(engine.clients, { execution: launched.executionArn })) };
}

describe('a job', () => {
  it('runs on the live version, and is found by name, by ARN and in the list', async () => {
    await ensureBucket(engine.clients, 'ops-test-data');
    await deploy(engine.clients, { workflow: 'jobs', template: template('echo out > out.txt; echo said') });
    const job = await run('jobs', 'first');
    expect(job).toMatchObject({ status: 'SUCCEEDED', version: 1, name: job.executionName });
    expect(job.steps.map(({ name, status, retries }) => [name, status, retries])).toEqual([
      ['Initialize', 'succeeded', 0],
      ['only', 'succeeded', 0],
    ]);
    expect(job.name).toMatch(/^first_[A-Za-z0-9]{1,8}$/);
    expect((await findExecution(engine.clients, job.name)).arn).toBe(job.executionArn);
    expect((await findExecution(engine.clients, job.name, { workflow: 'jobs' })).arn).toBe(job.executionArn);
    await expect(findExecution(engine.clients, job.name, { workflow: 'others' })).rejects.toMatchObject({
      code: 'no-such-execution',
    });
    const list = await listExecutions(engine.clients, { workflow: 'jobs' });
    expect(list).toMatchObject([{ arn: job.executionArn, version: 1, status: 'SUCCEEDED' }]);
    expect(await listExecutions(engine.clients, { workflow: 'jobs', status: 'FAILED' })).toEqual([]);
    expect(await listExecutions(engine.clients, { workflow: 'jobs', version: 2 })).toEqual([]);
  });

  it('leaves a log, of the commands and of the runner', async () => {
    const [job] = await listExecutions(engine.clients, { workflow: 'jobs' });
    const lines = [];
    for await (const line of readLogs(engine.clients, { execution: job?.arn ?? '' })) lines.push(line);
    // The shell shows each command (sh -v), then what it writes.
    expect(lines.filter(({ source }) => source === 'commands')).toMatchObject([
      { step: 'only', text: 'echo out > out.txt; echo said', attempt: 1 },
      { step: 'only', text: 'said', attempt: 1 },
    ]);
    expect(lines.some(({ source }) => source === 'runner')).toBe(true);
    const follow = readLogs(engine.clients, { execution: job?.arn ?? '', step: 'other', follow: true });
    await expect(follow.next()).rejects.toMatchObject({ code: 'no-such-step' });
  });

  it('that fails says with what code and what it wrote last', async () => {
    await deploy(engine.clients, { workflow: 'failing', template: template('echo first; echo last; exit 9') });
    const { status, failure, executionArn } = await run('failing', 'x');
    expect(status).toBe('FAILED');
    expect(failure).toMatchObject({ step: 'only', exitCode: 9, reason: 'the commands ended with exit code 9' });
    expect(failure?.lastLines.filter(({ source }) => source === 'commands').map(({ text }) => text)).toEqual([
      'echo first; echo last; exit 9',
      'first',
      'last',
    ]);
    const short = await readStatus(engine.clients, { execution: executionArn, logLines: 1 });
    expect(short.failure?.lastLines).toHaveLength(1);
  });

  it('that a QC check stops says what the check found, and is not called failed', async () => {
    const qc = `Transform: BC2_Compiler
Repository: s3://ops-test-data/\${job.id}
Options: {versioned: true}
Steps:
  - align:
      image: registry.example.org/aligner:1.0
      inputs: {}
      commands: ['echo "{\\"aligned\\": 0.2}" > qc.json']
      outputs: {qc: qc.json}
      qc_check: {qc_result_file: qc.json, stop_early_if: aligned < 0.5}
  - call: {image: 'registry.example.org/caller:1.0', inputs: {}, commands: 'true'}
`;
    await deploy(engine.clients, { workflow: 'checked', template: qc });
    const { status, steps, failure } = await run('checked', 'x');
    expect(status).toBe('ABORTED');
    expect(steps.map((step) => `${step.name} ${step.status}`)).toEqual(['Initialize succeeded', 'align aborted']);
    expect(failure).toMatchObject({
      step: 'align',
      reason: 'The QC check of the step "align" stopped the job: aligned < 0.5',
    });
  });

  it('becomes an execution of its own for every upload', async () => {
    const names = new Set<string>();
    for (const _ of [1, 2]) names.add((await run('jobs', 'same-name')).name);
    expect(names.size).toBe(2);
  });

  it('goes nowhere when there is no such workflow', async () => {
    const files = [{ name: 'a.json', body: '{}' }];
    await expect(submit(engine.clients, { workflow: 'nobody', files })).rejects.toMatchObject({
      code: 'no-such-workflow',
    });
  });
});
