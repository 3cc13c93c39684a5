import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSettings, Stopped } from '../src/index.js';
import { JobWorld } from './job-world.js';

let world: JobWorld;
beforeAll(async () => {
  world = await JobWorld.start();
});
afterAll(() => world.close());

describe('an attempt', () => {
  it('waits as the step says, longer before each further one', () => {
    const environment = { BC_RETRY_INTERVAL: '10', BC_RETRY_BACKOFF_RATE: '1.5', BC_TIMEOUT_SECONDS: '60' };
    const waits = ['', '1', '2', '3', '4'].map(
      (attempt) => readSettings({ ...environment, AWS_BATCH_JOB_ATTEMPT: attempt }).waitSeconds,
    );
    expect(waits).toEqual([0, 0, 10, 15, 22.5]);
    expect(readSettings(environment)).toMatchObject({ attempt: 1, timeoutSeconds: 60 });
  });

  it('says that it waits, and then does its work', async () => {
    const { exitCode, own, user } = await world.run({
      step: { commands: ['echo done'] },
      attempt: { attempt: 2, waitSeconds: 0.05 },
    });
    expect(own[0]).toMatchObject({ level: 'info', message: 'Attempt 2 begins in 0.1 s.' });
    expect({ exitCode, last: user.at(-1) }).toEqual({ exitCode: 0, last: 'done' });
  });

  it('stops waiting when the job is stopped', async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(new Stopped('SIGTERM')), 20);
    // Longer than the delays of Node.js's timers.
    const { exitCode, user } = await world.run({ attempt: { attempt: 9, waitSeconds: 10_000_000 } }, stop.signal);
    expect({ exitCode, user }).toEqual({ exitCode: 143, user: [] });
  });
});

describe("a step's timeout", () => {
  it('ends the commands, uploads what there is, and lets the job be retried', async () => {
    const { exitCode, own, user } = await world.run({
      step: {
        commands: ["trap 'echo ended; exit 3' TERM", 'echo half > half.txt', 'sleep 60 & wait'],
        outputs: { half: { file: 'half.txt' } },
      },
      attempt: { timeoutSeconds: 1 },
    });
    expect(own.at(-1)).toMatchObject({ level: 'error', code: 'timed-out' });
    expect(user).toContain('ended');
    expect(exitCode).toBe(199);
    expect(await world.text('repo/half.txt')).toBe('half\n');
  });

  it('does not matter to a job that ends before, however long it is', async () => {
    const { exitCode } = await world.run({ attempt: { timeoutSeconds: 10_000_000 } });
    expect(exitCode).toBe(0);
  });
});

describe('the exit code of a job', () => {
  it.each([
    ['a missing input', { inputs: { reads: 'no-such-file' } }, 'missing-input'],
    ['a missing output', { outputs: { out: { file: 'out.txt' } } }, 'missing-output'],
    ['a missing reference', { references: { genome: 's3://data/no-such' } }, 'missing-reference'],
    ['a bucket that does not exist', { inputs: { reads: 's3://no-such-bucket/x' } }, 'no-such-bucket'],
    ['a tag that S3 refuses', { s3_tags: { note: 'a;b' }, outputs: { out: { file: 'out.txt' } } }, 'bad-tag'],
  ])('is 197 for %s, which another attempt would meet again', async (_what, step, code) => {
    const { exitCode, own } = await world.run({ step });
    expect(own.at(-1)).toMatchObject({ level: 'error', code });
    expect(exitCode).toBe(197);
  });

  it.each([126, 127])("is the commands' own %i, after which Batch does not retry", async (code) => {
    expect((await world.run({ step: { commands: [`exit ${code}`] } })).exitCode).toBe(code);
  });

  it.each([197, 198, 199])("is 1 for the commands' own %i, which means something else for a job", async (code) => {
    const { exitCode, own } = await world.run({ step: { commands: [`exit ${code}`] } });
    expect(exitCode).toBe(1);
    expect(own.at(-1)).toMatchObject({
      level: 'warning',
      message: `The job ends with exit code 1, because ${code} is the runner's own.`,
    });
  });

  it.each([125, 128, 196, 200, 255])("is the commands' own %i", async (code) => {
    expect((await world.run({ step: { commands: [`exit ${code}`] } })).exitCode).toBe(code);
  });
});
