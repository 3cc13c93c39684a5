import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { bundledProgram, programsFolder } from '../../bundled-program.js';
import { BatchWorld } from './batch-world.js';
import { processes, spawners } from './processes.js';

describe.runIf(process.platform === 'linux')('the spawner of jobs', () => {
  let world: BatchWorld;
  afterEach(() => world.end());

  it('exists only while there are jobs, and ends with the engine', async () => {
    world = await BatchWorld.start();
    expect(spawners()).toEqual([]);
    await world.finished(await world.submit('true'));
    expect(spawners()).toHaveLength(1);
    await world.close();
    expect(spawners()).toEqual([]);
  });

  it('when killed, takes its jobs with it: they end as on a lost instance, and the next ones run', async () => {
    world = await BatchWorld.start();
    const marker = join(world.directory, 'a-job-of-the-killed-spawner');
    const again = await world.submit(`[ -e ${marker} ] || { echo > ${marker}; sleep 601 && echo ${marker}; }`, {
      job: { retryStrategy: { attempts: 2, evaluateOnExit: [{ action: 'RETRY', onStatusReason: 'Host EC2*' }] } },
    });
    await world.reaches(again, 'RUNNING');
    const jobs = () => processes((command) => command.includes(marker));
    await expect.poll(() => jobs().length).toBeGreaterThan(0);
    const [spawner = 0] = spawners();
    process.kill(spawner, 'SIGKILL');
    const { status, attempts } = await world.finished(again);
    expect(status).toBe('SUCCEEDED');
    expect(attempts?.map(({ statusReason }) => statusReason)).toEqual([
      expect.stringMatching(/^Host EC2 .* terminated\.$/),
      'Essential container in task exited',
    ]);
    expect(jobs()).toEqual([]);
  });

  it('ends the jobs of a killed engine, and then itself', async () => {
    world = await BatchWorld.start();
    await world.close();
    const marker = join(world.directory, 'a-job-of-a-killed-engine');
    const programs = programsFolder();
    const engine = fork(
      await bundledProgram(new URL('engine-program.ts', import.meta.url), programs),
      [world.directory, join(world.directory, 'ids'), `: ${marker}; sleep 602 & wait`],
      { execArgv: [] },
    );
    const ofIt = () => processes((command) => command.includes(marker) && command.startsWith('sh '));
    await expect.poll(() => ofIt().length).toBe(1);
    const [spawner = 0] = processes((command) => command.includes('bclaw-job-spawner'), engine.pid);
    expect(spawner).toBeGreaterThan(0);
    engine.kill('SIGKILL');
    await once(engine, 'exit');
    await expect.poll(() => [...ofIt(), ...processes((command) => command.includes('sleep 602'))]).toEqual([]);
    await expect.poll(() => existsSync(`/proc/${spawner}/exe`)).toBe(false);
    rmSync(programs, { recursive: true });
    await world.open();
  });

  it('hands on what a job writes, whole and in order, however fast', async () => {
    world = await BatchWorld.start();
    const job = await world.finished(await world.submit('seq 1 20000'));
    expect(job.status).toBe('SUCCEEDED');
    // A page of CloudWatch Logs has 10,000 events.
    const first = await world.log(job.container?.logStreamName);
    expect(first).toEqual(Array.from({ length: 10_000 }, (_, index) => String(index + 1)));
  });
});
