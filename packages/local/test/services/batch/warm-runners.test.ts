import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TerminateJobCommand } from '@aws-sdk/client-batch';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BatchWorld } from './batch-world.js';
import { processes, spawners } from './processes.js';
import { submitRunnerJob } from './runner-job.js';

const isThere = (pid: number) => existsSync(`/proc/${pid}/exe`);

describe.runIf(process.platform === 'linux')('the processes of runner jobs', () => {
  let world: BatchWorld;
  beforeEach(async () => {
    world = await BatchWorld.start({ killGraceMs: 2_000 });
    const s3 = new S3Client({
      endpoint: world.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
    await s3.send(new CreateBucketCommand({ Bucket: 'data' }));
    const Body = JSON.stringify({ job: {}, scatter: {}, parent: {} });
    await s3.send(new PutObjectCommand({ Bucket: 'data', Key: 'repo/_JOB_DATA_', Body }));
    s3.destroy();
  });
  afterEach(() => world.end());

  /** All runner processes of this engine. */
  const runners = () => {
    const [spawner = 0] = spawners();
    return processes((command) => command.includes('main.mjs serve'), spawner);
  };
  const submit = (commands: readonly string[], settings: Parameters<typeof submitRunnerJob>[2] = {}) =>
    submitRunnerJob(world, commands, { outputs: {}, ...settings });
  const path = (name: string) => join(world.directory, name);
  /** A job that names its runner in a file and goes on for minutes. */
  const longJob = async (name: string, settings: Parameters<typeof submitRunnerJob>[2] = {}) => {
    const id = await submit(
      [`echo $PPID > ${path(name)}.new; mv ${path(name)}.new ${path(name)}; sleep 611`],
      settings,
    );
    await expect.poll(() => existsSync(path(name))).toBe(true);
    return { id, runner: Number(readFileSync(path(name), 'utf8')) };
  };
  const sleepers = () => processes((command) => command.includes('sleep 611'));

  /** Runs a short job and returns the process that ran it. */
  const runnerOf = async (settings: Parameters<typeof submitRunnerJob>[2] = {}) => {
    const { status, container } = await world.finished(await submit(['echo runner $PPID'], settings));
    expect(status).toBe('SUCCEEDED');
    const line = (await world.log(container?.logStreamName)).find((text) => text.startsWith('user| runner '));
    return Number(line?.split(' ').at(-1));
  };

  it('serve one job after another, whatever its exit code, each with its own log', async () => {
    const first = await runnerOf();
    const failed = await world.finished(await submit(['echo failing', 'exit 9']));
    expect(failed).toMatchObject({ status: 'FAILED', container: { exitCode: 9 } });
    const log = await world.log(failed.container?.logStreamName);
    expect(log.filter((line) => line.startsWith('user| '))).toEqual([
      'user| echo failing',
      'user| failing',
      'user| exit 9',
    ]);
    expect(await runnerOf()).toBe(first);
    expect(runners()).toEqual([first]);
  });

  it('are as many as jobs that run at once', async () => {
    const ids = await Promise.all(Array.from({ length: 12 }, () => submit(['sleep 0.1; echo runner $PPID'])));
    for (const id of ids) expect((await world.finished(id)).status).toBe('SUCCEEDED');
    expect(runners().length).toBeLessThanOrEqual(4);
    await world.close();
    expect(runners()).toEqual([]);
    await world.open();
  });

  it('keep what a job writes whole and in order', async () => {
    const { container } = await world.finished(await submit(['seq 1 5000']));
    const numbers = (await world.log(container?.logStreamName)).filter((line) => /^user\| \d+$/.test(line));
    expect(numbers).toEqual(Array.from({ length: 5000 }, (_, index) => `user| ${index + 1}`));
  });

  it('end with a job that is terminated or takes too long', async () => {
    const { id, runner } = await longJob('terminated');
    await world.batch.send(new TerminateJobCommand({ jobId: id, reason: 'enough' }));
    expect(await world.finished(id)).toMatchObject({
      status: 'FAILED',
      statusReason: 'enough',
      container: { exitCode: 143 },
    });
    expect([isThere(runner), sleepers()]).toEqual([false, []]);
    expect(await runnerOf()).not.toBe(runner);
  });

  it('end with a job that is deaf to its signal, by SIGKILL', async () => {
    const id = await submit([`trap '' TERM; echo $PPID > ${path('deaf')}; while :; do sleep 611; done`], {
      variables: { BC_STOP_GRACE_SECONDS: '600' },
    });
    await expect.poll(() => existsSync(path('deaf'))).toBe(true);
    await world.batch.send(new TerminateJobCommand({ jobId: id, reason: 'enough' }));
    expect(await world.finished(id)).toMatchObject({ status: 'FAILED', container: { exitCode: 137 } });
    await expect.poll(sleepers).toEqual([]);
    await runnerOf();
  });

  it('are replaced when they are killed: the job at hand fails, none other does', async () => {
    const { id, runner } = await longJob('killed');
    process.kill(runner, 'SIGKILL');
    expect(await world.finished(id)).toMatchObject({ status: 'FAILED', container: { exitCode: 137 } });
    await expect.poll(sleepers).toEqual([]);
    const idle = await runnerOf();
    process.kill(idle, 'SIGKILL');
    const counter = path('times');
    const again = await world.finished(await submit([`echo once >> ${counter}`]));
    expect(again.status).toBe('SUCCEEDED');
    expect(readFileSync(counter, 'utf8')).toBe('once\n');
  });

  it('end with their spawner, idle or not', async () => {
    const idle = await runnerOf();
    const [spawner = 0] = spawners();
    const { id, runner } = await longJob('orphaned');
    expect(runner).toBe(idle);
    process.kill(spawner, 'SIGKILL');
    expect((await world.finished(id)).statusReason).toMatch(/^Host EC2 .* terminated\.$/);
    expect([isThere(runner), sleepers()]).toEqual([false, []]);
    const next = await runnerOf();
    process.kill(spawners()[0] ?? 0, 'SIGKILL');
    await expect.poll(() => isThere(next)).toBe(false);
  });

  it('are not shared by a job with variables that Node.js reads when it starts', async () => {
    const shared = await runnerOf();
    expect(await runnerOf({ variables: { NODE_OPTIONS: '--max-old-space-size=100' } })).not.toBe(shared);
    expect(await runnerOf()).toBe(shared);
  });
});
