import { once } from 'node:events';
import { existsSync, readdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { HeadObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Fate, FaultProxy } from './fault-proxy.js';
import { type JobSettings, JobWorld } from './job-world.js';
import { outcomeOf, startProgram } from './program.js';

/** Two parts. */
const largeBytes = 17 * 2 ** 20;

describe('a runner that is killed', () => {
  let world: JobWorld;
  let proxy: FaultProxy;
  beforeAll(async () => {
    world = await JobWorld.start();
    proxy = await FaultProxy.start(world.engine.url);
    await world.put('repo/in.txt', 'in');
    await world.put('ref/genome', 'ACGT');
  });
  afterEach(() => proxy.reset());
  afterAll(async () => {
    await proxy.close();
    await world.close();
  });

  const job = (stage: string): JobSettings => ({
    repo: `s3://data/${stage}`,
    jobData: 's3://data/repo/_JOB_DATA_',
    step: {
      inputs: { in: 's3://data/repo/in.txt' },
      references: { genome: `s3://data/ref/${stage}` },
      commands: [
        'cat ${in} ${genome} > ${small}',
        `head -c ${largeBytes} /dev/zero | tr '\\0' x > \${large}`,
        `if [ ! -e ${world.directory}/${stage}.marker ]; then echo > ${world.directory}/${stage}.marker; test ${stage} != commands || sleep 600; fi`,
      ],
      outputs: { small: { file: 'small.out' }, large: { file: 'large.out' } },
      skip: 'rerun',
    },
  });
  const start = (stage: string) => startProgram(world, job(stage), { AWS_ENDPOINT_URL: proxy.url });

  /** Undefined when there is no such process. */
  const output = (key: string) => world.text(key).catch(() => undefined);
  const sizeOf = (key: string) =>
    world.s3.send(new HeadObjectCommand({ Bucket: 'data', Key: key })).then(
      ({ ContentLength }) => ContentLength,
      () => undefined,
    );
  const seen = (method: string, part: string) =>
    proxy.seen.some((request) => request.method === method && request.target.includes(part));

  it.each<readonly [string, Fate, string, string]>([
    ['reads the job data', 'hold', 'GET', '/_JOB_DATA_'],
    ['stages an input', 'hold', 'GET', '/in.txt'],
    ['fetches a reference', 'hold', 'GET', '/data/ref/'],
    ['runs the commands', 'pass', '', ''],
    ['uploads an output', 'stall', 'PUT', '/small.out'],
    ['uploads a part', 'stall', 'PUT', 'partNumber=2'],
    ['completes an upload', 'hold', 'POST', '?uploadId='],
    ['marks the step as complete', 'hold', 'PUT', '/_control_/'],
  ])(
    'while it %s leaves every output whole or absent, and is made up for by a retry',
    async (what, fate, method, part) => {
      const stage = what === 'runs the commands' ? 'commands' : (what.split(' ').at(-1) ?? '');
      await world.put(`ref/${stage}`, 'ACGT');
      const marker = join(world.directory, `${stage}.marker`);
      proxy.fate = (request) => (request.method === method && request.target.includes(part) ? fate : 'pass');
      const killed = start(stage);
      const there = method === '' ? () => existsSync(marker) : () => seen(method, part);
      await expect.poll(there).toBe(true);
      killed.kill('SIGKILL');
      await once(killed, 'exit');

      expect(['inACGT', undefined]).toContain(await output(`${stage}/small.out`));
      expect([largeBytes, undefined]).toContain(await sizeOf(`${stage}/large.out`));
      expect(await output(`${stage}/_control_/program.complete`)).toBeUndefined();

      proxy.reset();
      loseLocks();
      expect(await outcomeOf(start(stage))).toMatchObject({ exitCode: 0 });
      expect(await output(`${stage}/small.out`)).toBe('inACGT');
      expect(await sizeOf(`${stage}/large.out`)).toBe(largeBytes);
      expect(await output(`${stage}/_control_/program.complete`)).toContain(':execution:');
    },
  );

  /** A killed runner's locks expire after 20 s; this test does not wait for that. */
  function loseLocks(): void {
    const folder = join(world.scratchPath, 'references');
    const longAgo = new Date(Date.now() - 3_600_000);
    if (existsSync(folder))
      for (const name of readdirSync(folder))
        if (name.endsWith('.lock')) utimesSync(join(folder, name), longAgo, longAgo);
  }
});
