import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, utimesSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { CreateStateMachineCommand, DescribeExecutionCommand, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type JobSettings, JobWorld, jobArguments } from './job-world.js';
import { outcomeOf, startProgram } from './program.js';

describe('the runner program', () => {
  let world: JobWorld;
  beforeAll(async () => {
    world = await JobWorld.start();
  });
  afterAll(() => world.close());

  const start = (settings: JobSettings | readonly string[], variables?: Record<string, string>) =>
    startProgram(world, settings, variables);

  it('runs a job, with nothing in its log but marked lines of the user and JSON lines of its own', async () => {
    const { exitCode, user, own, err } = await outcomeOf(start({ step: { commands: ['echo hello'] } }));
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
    expect(user).toEqual(['echo hello', 'hello']);
    expect(own.map(({ level }) => level)).toEqual(['info', 'info', 'info']);
  });

  it.each([
    ['no arguments', [], 'bad-payload'],
    ['an unknown argument', ['--nonsense', 'x'], 'bad-arguments'],
    ['a parameter that Batch did not set', ['--step', 'Ref::step'], 'bad-arguments'],
    ['a step that is not JSON', [...jobArguments({}), '--step', '{'], 'bad-payload'],
    ['a repository that is not in S3', jobArguments({ repo: '/tmp/x' }), 'bad-arguments'],
  ])('answers %s with 197 and a sentence, not with a stack trace', async (_what, given, code) => {
    const { exitCode, own, err } = await outcomeOf(start(given));
    expect({ exitCode, err }).toEqual({ exitCode: 197, err: '' });
    expect(own).toEqual([expect.objectContaining({ level: 'error', code, message: expect.stringMatching(/\.$/) })]);
  });

  it('names a setting that makes no sense', async () => {
    const { exitCode, own } = await outcomeOf(start({}, { BC_EXECUTOR: 'magic' }));
    expect(exitCode).toBe(197);
    expect(own[0]).toMatchObject({ code: 'bad-environment', message: expect.stringContaining('BC_EXECUTOR') });
  });

  it("stops the job's execution when a QC check fails, and says why", async () => {
    const client = world.stepFunctions();
    const { stateMachineArn } = await client.send(
      new CreateStateMachineCommand({
        name: 'waits',
        roleArn: 'arn:aws:iam::123456789012:role/states',
        definition: JSON.stringify({ StartAt: 'Wait', States: { Wait: { Type: 'Wait', Seconds: 600, End: true } } }),
      }),
    );
    const { executionArn } = await client.send(new StartExecutionCommand({ stateMachineArn, name: 'job_1' }));
    const step = {
      commands: ['echo \'{"reads": 10}\' > qc.json'],
      qc: [{ file: 'qc.json', stop_early_if: ['reads < 1000'] }],
    };
    const { exitCode, own } = await outcomeOf(start([...jobArguments({ step }), '--execution', executionArn ?? '']));
    expect(exitCode).toBe(198);
    expect(own.at(-1)).toMatchObject({ level: 'error', conditions: ['reads < 1000'] });
    expect(await client.send(new DescribeExecutionCommand({ executionArn }))).toMatchObject({
      status: 'ABORTED',
      error: 'QcCheckFailed',
      cause: 'The QC check of the step "program" stopped the job: reads < 1000',
    });
    client.destroy();
  });

  it('stops its commands on SIGTERM and says so with its exit code', async () => {
    const ready = join(world.directory, 'ready');
    const child = start({ step: { commands: [`echo > ${ready}; sleep 600`] } });
    const ended = outcomeOf(child);
    await expect.poll(() => existsSync(ready)).toBe(true);
    child.kill('SIGTERM');
    expect((await ended).exitCode).toBe(143);
    expect(await world.leftovers()).toEqual([]);
  });

  it('stops while it waits for a container engine that does not answer', async () => {
    const silent = createServer();
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const address = silent.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const child = start({}, { BC_EXECUTOR: 'docker', DOCKER_HOST: `tcp://127.0.0.1:${port}` });
    const ended = outcomeOf(child);
    await once(silent, 'connection');
    child.kill('SIGTERM');
    expect((await ended).exitCode).toBe(143);
    expect(await world.leftovers()).toEqual([]);
    silent.close();
  });

  it('leaves no command behind when it is killed, and its workspace is removed by a later job', async () => {
    const beat = join(world.directory, 'beat');
    const child = start({ step: { commands: [`while :; do date +%s%N > ${beat}; sleep 0.01; done`] } });
    await expect.poll(() => existsSync(beat)).toBe(true);
    child.kill('SIGKILL');
    await once(child, 'exit');
    await standsStill(beat);
    const [left = ''] = await world.leftovers();
    expect(left).not.toBe('');
    const anHourAgo = new Date(Date.now() - 3_600_000);
    utimesSync(join(world.scratchPath, 'jobs', left), anHourAgo, anHourAgo);
    await outcomeOf(start({}));
    expect(await world.leftovers()).toEqual([]);
  });

  it('leaves no command behind when it is killed while they are deaf to its signal', async () => {
    const beat = join(world.directory, 'deaf-beat');
    const child = start({ step: { commands: [`trap '' TERM; while :; do date +%s%N > ${beat}; sleep 0.01; done`] } });
    await expect.poll(() => existsSync(beat)).toBe(true);
    child.kill('SIGTERM');
    const told = readFileSync(beat, 'utf8');
    await expect.poll(() => readFileSync(beat, 'utf8')).not.toBe(told);
    child.kill('SIGKILL');
    await once(child, 'exit');
    await standsStill(beat);
  });

  it('says so when there is no place for a workspace', async () => {
    mkdirSync(join(world.directory, 'full'), { recursive: true });
    const { exitCode, own } = await outcomeOf(start({}, { BC_SCRATCH_PATH: '/dev/null/scratch' }));
    expect(exitCode).toBe(199);
    expect(own.at(-1)).toMatchObject({ code: 'no-scratch', hint: expect.stringContaining('BC_SCRATCH_PATH') });
  });
});

/** Waits until no new beat is written between two checks. */
async function standsStill(beat: string): Promise<void> {
  let before = '';
  await expect
    .poll(
      () => {
        const now = readFileSync(beat, 'utf8');
        const still = now === before;
        before = now;
        return still;
      },
      { interval: 200 },
    )
    .toBe(true);
}
