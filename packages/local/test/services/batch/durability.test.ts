import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { bundledProgram, programsFolder } from '../../bundled-program.js';
import { BatchWorld } from './batch-world.js';

describe('Batch after a crash', () => {
  let world: BatchWorld;
  let engine: ChildProcess | undefined;
  const programs = programsFolder();
  afterEach(async () => {
    engine?.kill('SIGKILL');
    await world.end();
  });
  afterAll(() => rmSync(programs, { recursive: true }));

  it('keeps orderly stopped jobs for the next start, where they count as lost with their host', async () => {
    world = await BatchWorld.start({ killGraceMs: 200 });
    const up = join(world.directory, 'up');
    const single = await world.submit(`echo > ${up}; sleep 600`);
    const again = await world.submit(`[ -e ${up}2 ] || { echo > ${up}2; sleep 600; }`, {
      job: {
        retryStrategy: {
          attempts: 2,
          evaluateOnExit: [
            { action: 'RETRY', onStatusReason: 'Host EC2*' },
            { action: 'EXIT', onReason: '*' },
          ],
        },
      },
    });
    await expect.poll(() => existsSync(up) && existsSync(`${up}2`)).toBe(true);
    await world.close();
    await world.open();
    expect(await world.finished(single)).toMatchObject({
      status: 'FAILED',
      statusReason: expect.stringMatching(/^Host EC2 \(instance i-[0-9a-f]{17}\) terminated\.$/),
    });
    const retried = await world.finished(again);
    expect(retried.status).toBe('SUCCEEDED');
    expect(retried.attempts).toHaveLength(2);
  });

  it('kills what a killed engine left running, and starts what was waiting', async () => {
    world = await BatchWorld.start({ killGraceMs: 200, capacity: { vcpus: 1, memoryMiB: 4096 } });
    await world.close();
    const beat = join(world.directory, 'beat');
    const waited = join(world.directory, 'waited');
    const idsFile = join(world.directory, 'ids');
    engine = fork(
      await bundledProgram(new URL('engine-program.ts', import.meta.url), programs),
      [world.directory, idsFile, `while :; do date +%s%N > ${beat}; sleep 0.01; done`, `echo > ${waited}`],
      { execArgv: [] },
    );
    await expect.poll(() => existsSync(beat) && existsSync(idsFile)).toBe(true);
    engine.kill('SIGKILL');
    await once(engine, 'exit');
    const [running = '', waiting = ''] = readFileSync(idsFile, 'utf8').split('\n');
    await world.open();
    expect(await world.finished(running)).toMatchObject({
      status: 'FAILED',
      statusReason: expect.stringContaining('Host EC2'),
    });
    expect(await world.finished(waiting)).toMatchObject({ status: 'SUCCEEDED' });
    expect(existsSync(waited)).toBe(true);
    const last = readFileSync(beat, 'utf8');
    // In the duration of a job, the killed one would have written many times.
    await world.finished(await world.submit('sleep 0.2'));
    expect(readFileSync(beat, 'utf8')).toBe(last);
  });
});
