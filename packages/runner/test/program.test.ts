import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, utimesSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type JobSettings, JobWorld, jobArguments, sorted } from './job-world.js';

const program = createRequire(import.meta.url).resolve('@bclaw/runner/program');

describe('the runner program', () => {
  let world: JobWorld;
  beforeAll(async () => {
    world = await JobWorld.start();
  });
  afterAll(() => world.close());

  function start(settings: JobSettings | readonly string[], variables: Record<string, string> = {}): ChildProcess {
    const given = 'length' in settings ? settings : jobArguments(settings);
    return spawn(process.execPath, [program, ...given], {
      env: {
        PATH: process.env['PATH'],
        AWS_ENDPOINT_URL: world.engine.url,
        AWS_REGION: world.engine.region,
        AWS_ACCESS_KEY_ID: 'test',
        AWS_SECRET_ACCESS_KEY: 'test',
        BC_EXECUTOR: 'process',
        BC_SCRATCH_PATH: world.scratchPath,
        BC_STEP_NAME: 'program',
        ...variables,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  async function outcome(child: ChildProcess) {
    const [[code], out, err] = await Promise.all([once(child, 'exit'), read(child.stdout), read(child.stderr)]);
    return { exitCode: code, err, ...sorted(out.split('\n').filter((line) => line !== '')) };
  }
  const read = (stream: ChildProcess['stdout']) => (stream === null ? '' : text(stream));

  it('runs a job, with nothing in its log but marked lines of the user and JSON lines of its own', async () => {
    const { exitCode, user, own, err } = await outcome(start({ step: { commands: ['echo hello'] } }));
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
  ])('answers %s with 199 and a sentence, not with a stack trace', async (_what, given, code) => {
    const { exitCode, own, err } = await outcome(start(given));
    expect({ exitCode, err }).toEqual({ exitCode: 199, err: '' });
    expect(own).toEqual([expect.objectContaining({ level: 'error', code, message: expect.stringMatching(/\.$/) })]);
  });

  it('names a setting that makes no sense', async () => {
    const { exitCode, own } = await outcome(start({}, { BC_EXECUTOR: 'magic' }));
    expect(exitCode).toBe(199);
    expect(own[0]).toMatchObject({ code: 'bad-environment', message: expect.stringContaining('BC_EXECUTOR') });
  });

  it('stops its commands on SIGTERM and says so with its exit code', async () => {
    const ready = join(world.directory, 'ready');
    const child = start({ step: { commands: [`echo > ${ready}; sleep 600`] } });
    const ended = outcome(child);
    await expect.poll(() => existsSync(ready), { timeout: 10_000 }).toBe(true);
    child.kill('SIGTERM');
    expect((await ended).exitCode).toBe(143);
    expect(await world.leftovers()).toEqual([]);
  });

  it('leaves no command behind when it is killed, and its workspace is removed by a later job', async () => {
    const beat = join(world.directory, 'beat');
    const child = start({ step: { commands: [`while :; do date +%s%N > ${beat}; sleep 0.01; done`] } });
    await expect.poll(() => existsSync(beat), { timeout: 10_000 }).toBe(true);
    child.kill('SIGKILL');
    await once(child, 'exit');
    let before = '';
    // Stands still: no beat between two looks.
    await expect
      .poll(
        () => {
          const now = readFileSync(beat, 'utf8');
          const still = now === before;
          before = now;
          return still;
        },
        { interval: 200, timeout: 10_000 },
      )
      .toBe(true);
    const [left = ''] = await world.leftovers();
    expect(left).not.toBe('');
    const anHourAgo = new Date(Date.now() - 3_600_000);
    utimesSync(join(world.scratchPath, 'jobs', left), anHourAgo, anHourAgo);
    await outcome(start({}));
    expect(await world.leftovers()).toEqual([]);
  });

  it('says so when there is no place for a workspace', async () => {
    mkdirSync(join(world.directory, 'full'), { recursive: true });
    const { exitCode, own } = await outcome(start({}, { BC_SCRATCH_PATH: '/dev/null/scratch' }));
    expect(exitCode).toBe(199);
    expect(own.at(-1)).toMatchObject({ code: 'no-scratch', remedy: expect.stringContaining('BC_SCRATCH_PATH') });
  });
});
