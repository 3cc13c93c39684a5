import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { FaultProxy } from '../../packages/runner/test/fault-proxy.js';
import { JobWorld } from '../../packages/runner/test/job-world.js';
import { outcomeOf, startProgram } from '../../packages/runner/test/program.js';

const megabytes = 200;
const bytes = megabytes * 2 ** 20;

describe('the reference cache of a host', () => {
  let world: JobWorld;
  let proxy: FaultProxy;
  beforeAll(async () => {
    world = await JobWorld.start();
    proxy = await FaultProxy.start(world.engine.url);
    await world.put('ref/genome', Buffer.alloc(bytes, 'ACGT'));
  });
  afterEach(() => proxy.reset());
  afterAll(async () => {
    await proxy.close();
    await world.close();
  });

  const start = (scratch: string) =>
    startProgram(
      world,
      { step: { references: { genome: 's3://data/ref/genome' }, commands: ['wc -c < ${genome}'] } },
      { AWS_ENDPOINT_URL: proxy.url, BC_SCRATCH_PATH: join(world.directory, scratch) },
    );
  const ranges = () =>
    proxy.seen.flatMap(({ method, range }) => (method === 'GET' && range !== undefined ? [range] : []));

  it(`fetches ${megabytes} MB once for 50 jobs that start at the same time`, async () => {
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => outcomeOf(start('fifty'))));
    expect(outcomes.map(({ exitCode }) => exitCode)).toEqual(outcomes.map(() => 0));
    expect(outcomes.every(({ user }) => user.at(-1)?.trim() === String(bytes))).toBe(true);
    // Every byte once: no range twice, and together the complete file.
    expect(new Set(ranges()).size).toBe(ranges().length);
    const lengths = ranges().map((range) => {
      const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(range) ?? [];
      return Number(last) - Number(first) + 1;
    });
    expect(lengths.reduce((sum, length) => sum + length, 0)).toBe(bytes);
    expect(readdirSync(join(world.directory, 'fifty', 'references'))).toHaveLength(1);
  });

  it('survives the one that downloads: another takes over', async () => {
    proxy.fate = ({ range }) => (range === undefined ? 'pass' : 'hold');
    const downloader = start('killed');
    await expect.poll(() => ranges().length, { timeout: 20_000 }).toBeGreaterThan(0);
    const waiting = Array.from({ length: 3 }, () => outcomeOf(start('killed')));
    downloader.kill('SIGKILL');
    await once(downloader, 'exit');
    proxy.reset();
    const outcomes = await Promise.all(waiting);
    expect(outcomes.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
    expect(new Set(ranges()).size).toBe(ranges().length);
    expect(readdirSync(join(world.directory, 'killed', 'references'))).toHaveLength(1);
  });
});
