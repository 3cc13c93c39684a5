import { describe, expect, it } from 'vitest';
import { deploy, ensureBucket, submit, watchJobs } from '../../src/index.js';
import { useEngine } from '../engine.js';

const engine = useEngine();

/** Runs a workflow of one step. */
async function run(workflow: string, step: string) {
  await ensureBucket(engine.clients, 'ops-test-data');
  const template = `Transform: BC2_Compiler
Repository: s3://ops-test-data/${workflow}
Options: {versioned: true}
Steps:
  - only:
      image: registry.example.org/tool:1.0
      inputs: {}
      retry: {attempts: 3, interval: 0s}
${step}
`;
  await deploy(engine.clients, { workflow, template });
  const [job] = await submit(engine.clients, { workflow, files: [{ name: 'a.json', body: '{}' }] });
  const retries = new Set<number | undefined>();
  const [status] = await watchJobs(engine.clients, {
    workflow,
    executionNames: [job?.executionName ?? ''],
    onProgress: ({ steps }) => retries.add(steps.find(({ name }) => name === 'only')?.retries),
  });
  const only = status?.steps.find(({ name }) => name === 'only');
  return {
    status: status?.status,
    reason: status?.failure?.reason,
    exitCode: status?.failure?.exitCode,
    only,
    retries,
  };
}

describe('a step that fails', () => {
  it('is retried by Batch in one job, whose attempts are its retries', async () => {
    const { status, only, retries } = await run('second-thoughts', '      commands: test $AWS_BATCH_JOB_ATTEMPT = 3');
    expect(status).toBe('SUCCEEDED');
    expect(only).toMatchObject({ status: 'succeeded', retries: 2 });
    expect(only?.jobIds).toHaveLength(1);
    expect([...retries].at(-1)).toBe(2);
  });

  it('fails after the last attempt', async () => {
    const { status, only, reason } = await run('never', '      commands: exit 3');
    expect(status).toBe('FAILED');
    expect(only).toMatchObject({ status: 'failed', retries: 3 });
    expect(reason).toBe('the commands ended with exit code 3');
  });

  it.each([
    [
      'a missing output',
      'no-output',
      '      commands: "true"\n      outputs: {out: out.txt}',
      197,
      /^The commands ended well/,
    ],
    ['a program that does not exist', 'no-program', '      commands: no-such-program', 127, /exit code 127$/],
  ])('is not retried for %s, and begins with the useful line', async (_what, workflow, step, code, words) => {
    const { status, only, reason, exitCode } = await run(workflow, step);
    expect(status).toBe('FAILED');
    expect(only).toMatchObject({ status: 'failed', retries: 0 });
    expect(exitCode).toBe(code);
    expect(reason).toMatch(words);
  });
});
