import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type JobSettings, JobWorld } from '../../packages/runner/test/job-world.js';
import { outcomeOf } from '../../packages/runner/test/program.js';
import { startContained } from './contained.js';
import { Podman, shellTools } from './podman.js';

const image = 'localhost/bclaw-test/trouble:1.0';
const program = createRequire(import.meta.url).resolve('@bclaw/runner/program');

/** Without an init process in its containers, which makes stopping them harder. */
describe('a container engine in trouble', () => {
  let podman: Podman;
  let world: JobWorld;
  beforeAll(async () => {
    podman = await Podman.start({}, { hasInit: false });
    await podman.image(image, [...shellTools, 'kill']);
    world = await JobWorld.start();
  });
  afterAll(async () => {
    podman.close([image]);
    await world.close();
  });

  const start = (settings: JobSettings) =>
    startContained(world, podman, { ...settings, step: { image, ...settings.step } });
  const running = () => podman.podman('ps', '--quiet', '--filter', 'label=bclaw.job').split('\n').filter(Boolean);

  /** Starts commands that would run for ten minutes, and waits until they are running. */
  async function startLong(command = 'sleep 600'): Promise<ChildProcess> {
    const child = start({ step: { commands: ['echo > up', command] } });
    const jobs = join(world.scratchPath, 'jobs');
    const isUp = () =>
      existsSync(jobs) && readdirSync(jobs).some((job) => existsSync(join(jobs, job, 'job/workspace/up')));
    await expect.poll(isUp, { timeout: 60_000 }).toBe(true);
    return child;
  }

  /** Removes a killed runner's workspace, so that the next test does not mistake it for its own. */
  const forgetWorkspaces = () => rmSync(join(world.scratchPath, 'jobs'), { recursive: true, force: true });

  describe.each([
    ['is killed', () => podman.signal('SIGKILL'), () => podman.resume()],
    [
      'is restarted',
      async () => {
        podman.signal('SIGKILL');
        await podman.resume();
      },
      () => undefined,
    ],
    ['hangs', () => podman.signal('SIGSTOP'), () => podman.signal('SIGCONT')],
  ])('that %s in the middle of a step', (_, fail, mend) => {
    it('fails the job with a sentence, and the next job finds no container of it', async () => {
      const outcome = outcomeOf(await startLong());
      await fail();
      const { exitCode, own } = await outcome;
      await mend();
      expect(exitCode).toBe(199);
      expect(own.filter(({ level }) => level === 'error')).toEqual([
        expect.objectContaining({ code: 'engine-gone', message: expect.stringContaining('went away') }),
      ]);
      expect(await world.leftovers()).toEqual([]);
      expect((await outcomeOf(start({ step: { commands: ['true'] } }))).exitCode).toBe(0);
      await expect.poll(() => podman.containers(), { timeout: 30_000 }).toEqual([]);
    });
  });

  it('says that somebody removed the container of a step', async () => {
    const outcome = outcomeOf(await startLong());
    podman.podman('rm', '--force', '--time', '0', ...running());
    const { exitCode, own } = await outcome;
    // The engine may or may not have the exit code; it is never a success.
    expect([137, 199]).toContain(exitCode);
    expect(own).toContainEqual(
      expect.objectContaining({
        level: 'error',
        message: expect.stringMatching(/container .*was removed|were killed/),
      }),
    );
    expect(podman.containers()).toEqual([]);
  });

  it.each(['exec sleep 601', "trap '' TERM INT HUP; sleep 601", 'sleep 601 & wait'])(
    'ends `%s` with its runner, although that was killed',
    async (command) => {
      const child = await startLong(command);
      child.kill('SIGKILL');
      await once(child, 'exit');
      await expect.poll(running, { timeout: 20_000 }).toEqual([]);
      for (const id of podman.containers()) podman.podman('rm', id);
      forgetWorkspaces();
    },
  );

  it('ends what nothing in the container ends, by the next job', async () => {
    // The watchdog itself is killed.
    const child = await startLong('kill -9 -1; while :; do sleep 1; done');
    child.kill('SIGKILL');
    const otherTools = spawn(process.execPath, [program, 'container', image, 'sleep', '602'], {
      env: { PATH: process.env['PATH'], DOCKER_HOST: podman.host, AWS_REGION: 'us-east-1' },
      stdio: 'ignore',
    });
    await expect.poll(running, { timeout: 30_000 }).not.toEqual([]);
    otherTools.kill('SIGKILL');
    await once(otherTools, 'exit');
    const left = running();
    expect(left).not.toEqual([]);
    const alive = await startLong('sleep 20');
    const lives = outcomeOf(alive);
    expect((await outcomeOf(start({ step: { commands: ['true'] } }))).exitCode).toBe(0);
    for (const id of left) expect(podman.containers()).not.toContain(id);
    // Containers of a running job were not stopped.
    expect((await lives).exitCode).toBe(0);
    forgetWorkspaces();
  });

  it('lets no container of other jobs fail a job', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 12 }, async () => {
        const exits: number[] = [];
        for (let round = 0; round < 3; round += 1)
          exits.push((await outcomeOf(start({ step: { commands: ['true'] } }))).exitCode);
        return exits;
      }),
    );
    expect(outcomes.flat()).toEqual(Array.from({ length: 36 }, () => 0));
    expect(podman.containers()).toEqual([]);
  });
});
