import { createHash, randomBytes } from 'node:crypto';
import { GetObjectCommand, HeadObjectCommand, ListMultipartUploadsCommand } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Stopped } from '../src/index.js';
import { FaultProxy } from './fault-proxy.js';
import { type JobOutcome, JobWorld, type StepSettings } from './job-world.js';

describe('a job on an S3 that has its bad days', () => {
  const mebibyte = 2 ** 20;
  const large = randomBytes(40 * mebibyte);
  let world: JobWorld;
  let proxy: FaultProxy;
  beforeAll(async () => {
    world = await JobWorld.start();
    proxy = await FaultProxy.start(world.engine.url);
    await world.put('repo/small.txt', 'small');
    await world.put('repo/large.bin', large);
    await world.put('ref/genome', 'ACGT');
  });
  afterEach(() => proxy.reset());
  afterAll(async () => {
    await proxy.close();
    await world.close();
  });

  const run = (step: StepSettings) => world.run({ step }, undefined, proxy.url);

  /** Small and large inputs and outputs, and a reference. */
  const everything: StepSettings = {
    inputs: { small: 'small.txt', large: 'large.bin' },
    references: { genome: 's3://data/ref/genome' },
    commands: ['cat ${small} ${genome} > ${text}', 'cp ${large} ${parts}', 'head -c 3000000 ${large} > ${middle}'],
    outputs: { text: { file: 'text.out' }, parts: { file: 'parts.out' }, middle: { file: 'middle.out' } },
  };

  const bigOutput: StepSettings = {
    inputs: { large: 's3://data/repo/large.bin' },
    commands: ['cp ${large} ${parts}'],
    outputs: { parts: { file: 'parts.out' } },
  };

  async function expectEverything({ exitCode, own }: JobOutcome): Promise<void> {
    expect(own.filter(({ level }) => level !== 'info')).toEqual([]);
    expect(exitCode).toBe(0);
    expect(await world.text('repo/text.out')).toBe('smallACGT');
    expect(await digestOf('repo/parts.out')).toBe(sha256(large));
    expect(await digestOf('repo/middle.out')).toBe(sha256(large.subarray(0, 3_000_000)));
    expect(await world.leftovers()).toEqual([]);
  }

  async function digestOf(key: string): Promise<string> {
    const { Body } = await world.s3.send(new GetObjectCommand({ Bucket: 'data', Key: key }));
    return sha256((await Body?.transformToByteArray()) ?? new Uint8Array());
  }

  it('goes through although every third request is answered with 500 or 503', async () => {
    proxy.fate = (_request, number) => {
      if (number % 6 === 0) return { status: 503, code: 'SlowDown' };
      return number % 6 === 3 ? { status: 500, code: 'InternalError' } : 'pass';
    };
    await expectEverything(await run(everything));
  });

  it('goes through although each object breaks off once on its way down, and once on its way up', async () => {
    const broken = new Set<string>();
    proxy.fate = ({ method, target }) => {
      const path = `${method} ${target.split('?')[0]}`;
      if (
        !/^(GET \/data\/(repo|ref)\/[a-z]|PUT \/data\/repo\/(?!_control_\/measures\/))/.test(path) ||
        broken.has(path)
      )
        return 'pass';
      broken.add(path);
      return method === 'GET' ? 'break' : 'cut';
    };
    await expectEverything(await run(everything));
    expect(broken.size).toBe(6);
  });

  it('keeps a checksum of the whole of what went up in parts, and compares it when that comes down', async () => {
    await run(everything);
    const target = { Bucket: 'data', Key: 'repo/parts.out' };
    const head = await world.s3.send(new HeadObjectCommand({ ...target, ChecksumMode: 'ENABLED' }));
    expect(head).toMatchObject({ ChecksumType: 'FULL_OBJECT', ChecksumCRC32: expect.stringMatching(/^[^-]+=$/) });
  });

  it('says what S3 said when it does not get better, and leaves nothing', async () => {
    proxy.fate = ({ target }) => (target.includes('small.txt') ? { status: 503, code: 'SlowDown' } : 'pass');
    const { exitCode, own, user } = await run({ inputs: { small: 'small.txt' } });
    expect(exitCode).toBe(199);
    expect(own.at(-1)).toMatchObject({
      code: 'storage-failed',
      message: 's3://data/repo/small.txt could not be read: SlowDown: Please try again.',
    });
    expect(user).toEqual([]);
    expect(await world.leftovers()).toEqual([]);
  });

  it("ends with 199 when an output cannot be uploaded, but with the commands' own exit code when they failed first", async () => {
    proxy.fate = ({ method }) => (method === 'PUT' ? { status: 403, code: 'AccessDenied' } : 'pass');
    const step = (end: string) => ({ commands: ['echo x > x.out', end], outputs: { x: { file: 'x.out' } } });
    const well = await run(step('exit 0'));
    expect(well).toMatchObject({ exitCode: 199 });
    expect(well.own.findLast(({ level }) => level === 'error')).toMatchObject({
      code: 'access-denied',
      message: expect.stringContaining('x.out'),
    });
    expect((await run(step('exit 7'))).exitCode).toBe(7);
  });

  it('breaks off an upload when the job is stopped, and leaves no parts behind', async () => {
    proxy.fate = ({ target }) => (target.includes('partNumber=2') ? 'stall' : 'pass');
    const stop = new AbortController();
    const running = world.run(
      { repo: 's3://data/stopped', jobData: 's3://data/repo/_JOB_DATA_', step: bigOutput },
      stop.signal,
      proxy.url,
    );
    await expect.poll(() => proxy.seen.some(({ target }) => target.includes('partNumber=2'))).toBe(true);
    stop.abort(new Stopped('SIGTERM'));
    expect((await running).exitCode).toBe(143);
    const { Uploads = [] } = await world.s3.send(new ListMultipartUploadsCommand({ Bucket: 'data' }));
    expect(Uploads).toEqual([]);
    await expect(world.text('stopped/parts.out')).rejects.toThrow();
    expect(await world.leftovers()).toEqual([]);
  });

  it('does not repeat what was refused', async () => {
    proxy.fate = ({ target }) => (target.includes('small.txt') ? { status: 403, code: 'AccessDenied' } : 'pass');
    const { own } = await run({ inputs: { small: 'small.txt' } });
    expect(own.at(-1)).toMatchObject({ code: 'access-denied' });
    expect(proxy.seen.filter(({ target }) => target.includes('small.txt'))).toHaveLength(1);
  });
});

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
