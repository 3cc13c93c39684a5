import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Stopped } from '../../src/index.js';
import { JobWorld } from '../job-world.js';

describe('the process executor', () => {
  let world: JobWorld;
  beforeAll(async () => {
    world = await JobWorld.start();
  });
  afterAll(() => world.close());

  it('shows both output streams in the order in which they were written', async () => {
    const { user } = await world.run({ step: { commands: ['echo out1; echo err1 >&2; echo out2; printf end'] } });
    expect(user.filter((line) => /^(out|err)\d$|^end$/.test(line))).toEqual(['out1', 'err1', 'out2', 'end']);
  });

  it.each([
    ['sh', 'echo a | { exit 3; } | cat; echo on', 0],
    ['bash', 'echo a | (exit 3) | cat; echo on', 3],
    ['bash', '[[ abc == a* ]] && echo ${BASH_VERSION%%.*} > /dev/null', 0],
    ['sh', 'echo ${UNSET_VARIABLE}', 2],
    ['bash', 'echo ${UNSET_VARIABLE}', 1],
    ['sh', 'false; echo on', 1],
    ['bash', 'false; echo on', 1],
  ] as const)('runs %s so that it stops where it should: %s', async (shell, command, exitCode) => {
    expect((await world.run({ step: { shell, commands: [command] } })).exitCode).toBe(exitCode);
  });

  it('passes a signal on to the commands, uploads what there is and cleans up', async () => {
    const ready = join(world.directory, 'ready');
    const told = join(world.directory, 'told');
    const stop = new AbortController();
    const running = world.run(
      {
        step: {
          commands: [`trap 'echo > ${told}; exit 0' TERM`, `echo x > stopped.txt; echo > ${ready}`, 'sleep 600 & wait'],
          outputs: { o: { file: 'stopped.txt' } },
        },
      },
      stop.signal,
    );
    await expect.poll(() => existsSync(ready)).toBe(true);
    stop.abort(new Stopped('SIGTERM'));
    expect(await running).toMatchObject({ exitCode: 143 });
    expect(existsSync(told)).toBe(true);
    expect(await world.text('repo/stopped.txt')).toBe('x\n');
    expect(await world.leftovers()).toEqual([]);
  });

  it('kills commands that do not listen to a signal', async () => {
    const ready = join(world.directory, 'deaf');
    const stop = new AbortController();
    const command = `trap '' TERM; echo > ${ready}; while :; do sleep 0.1; done`;
    const running = world.run({ step: { commands: [command] } }, stop.signal);
    await expect.poll(() => existsSync(ready)).toBe(true);
    stop.abort(new Stopped('SIGTERM'));
    expect(await running).toMatchObject({ exitCode: 143 });
  });

  it('runs a command of 5,000 characters', async () => {
    const words = 'word '.repeat(1000).trim();
    const { exitCode, user } = await world.run({ step: { commands: [`echo ${words}`] } });
    expect(exitCode).toBe(0);
    expect(user).toEqual([`echo ${words}`, words]);
  });

  it.each([
    ['the shell itself', 'kill -KILL $$'],
    ['what it runs', "sh -c 'kill -KILL $$'"],
  ])('says that the commands were killed, for which memory is the usual reason: %s', async (_, command) => {
    const { exitCode, own } = await world.run({ step: { commands: [command] } });
    expect(exitCode).toBe(137);
    expect(own).toContainEqual(
      expect.objectContaining({ level: 'error', message: expect.stringMatching(/killed.*memory/), exitCode: 137 }),
    );
  });

  it('ends with the exit code of a command that may not have more memory', async () => {
    const { exitCode } = await world.run({
      step: { commands: ['ulimit -v 200000; head -c 1000000000 /dev/zero | sort > sorted'], shell: 'bash' },
    });
    expect(exitCode).toBeGreaterThan(0);
    expect(await world.leftovers()).toEqual([]);
  });

  it.each([
    ['in the background', ''],
    // Only Linux shows which processes belong to a job.
    ...(process.platform === 'linux' ? [['in a session of its own', 'setsid ']] : []),
  ])('kills what the commands left running %s', async (where = '', prefix = '') => {
    const beat = join(world.directory, `beat ${where}`);
    const loop = `while :; do date +%s%N > "${beat}"; sleep 0.01; done`;
    const { exitCode } = await world.run({
      step: {
        commands: [`${prefix}sh -c '${loop}' > /dev/null 2>&1 &`, `until [ -e "${beat}" ]; do sleep 0.01; done`],
      },
    });
    expect(exitCode).toBe(0);
    const last = readFileSync(beat, 'utf8');
    // Ten beats' time: a background loop that survived would have written again.
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(readFileSync(beat, 'utf8')).toBe(last);
  });
});
