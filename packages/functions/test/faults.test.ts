import { HeadObjectCommand, ListMultipartUploadsCommand, S3Client } from '@aws-sdk/client-s3';
import type { StatePayload } from '@bclaw/spec/run-time';
import { ConfiguredRetryStrategy } from '@smithy/core/retry';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  createChoose,
  createGather,
  createInitialize,
  createScatter,
  createSubpipeRetrieve,
  createSubpipeSubmit,
  TransientFailure,
} from '../src/index.js';
import { type Fault, FaultyWay } from './faulty-way.js';
import { World } from './world.js';

/** Faults of S3. */
const faults: Readonly<Record<string, Fault>> = {
  'an internal error': { kind: 'answer', status: 500, code: 'InternalError' },
  'no service': { kind: 'answer', status: 503, code: 'ServiceUnavailable' },
  'a wish to slow down': { kind: 'answer', status: 503, code: 'SlowDown' },
  'a connection that breaks before the answer': { kind: 'cut-request' },
};

describe('with an S3 that fails now and then', () => {
  let world: World;
  let way: FaultyWay;
  let s3: S3Client;
  let payload: StatePayload;
  let jobVersion = '';

  beforeAll(async () => {
    world = await World.create();
    way = await FaultyWay.to(world.url);
    jobVersion = await world.putJob('wf/f.json', '{"id": "f"}');
    payload = await world.payload('job', { list: Array.from({ length: 300 }, (_, index) => `item ${index}`) });
    await world.put('job/lines.txt', 'a\nb\n');
    await world.put('job/qc.json', '{"depth": 40}');
    await world.put('job/Sub/out.txt', 'out');
  });
  afterAll(async () => {
    await way.close();
    await world.close();
  });
  beforeEach(() => {
    way.clear();
    // A separate client for each test: the SDK stops retrying after too many failures.
    s3 = new S3Client({
      endpoint: way.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      forcePathStyle: true,
      // The SDK's own strategy; only the waiting times are shortened.
      retryStrategy: new ConfiguredRetryStrategy(6, (attempt: number) => attempt),
    });
  });
  afterEach(() => s3.destroy());

  const functions = () => ({
    initialize: () =>
      createInitialize({ s3, ...world.dependencies })({
        workflow: 'wf',
        repository: 's3://results/${job.id}',
        execution: payload.execution,
        input: {
          job_file: { bucket: 'launcher', key: 'wf/f.json', version: jobVersion },
          index: 'main',
        },
      }),
    scatter: () =>
      createScatter({ s3, ...world.dependencies })({
        step: 'Align',
        scatter: { x: '${job.list}', y: '@lines.txt', z: 'lines.*' },
        inputs: {},
        outputs: {},
        payload,
      }),
    gather: () => createGather({ s3, ...world.dependencies })({ step: 'Align', outputs: { x: '*' }, payload }),
    choose: () =>
      createChoose({ s3, ...world.dependencies })({
        step: 'Deep',
        inputs: { qc: 'qc.json' },
        mode: 'first',
        conditions: ['depth > 30'],
        payload,
      }),
    subpipeSubmit: () =>
      createSubpipeSubmit({ s3, lambda: world.lambda, ...world.dependencies })({
        step: 'Sub',
        subpipe: 'other',
        caller: payload.execution.arn,
        entered: '2026-11-24T03:00:00.000Z',
        payload,
      }),
    subpipeRetrieve: () =>
      createSubpipeRetrieve({ s3, ...world.dependencies })({
        step: 'Sub',
        source: { bucket: 'results', prefix: 'job/Sub', uri: 's3://results/job/Sub' },
        retrieve: [{ from: 'out.txt', to: 'out.txt' }],
        payload,
      }),
  });
  const names = ['initialize', 'scatter', 'gather', 'choose', 'subpipeSubmit', 'subpipeRetrieve'] as const;

  it.each(Object.keys(faults))('every function does its work in spite of %s', async (name) => {
    const fault = faults[name];
    for (const of of names) {
      way.clear();
      const sound = await functions()[of]();
      const requests = way.requests;
      // Each request fails once, and the SDK retries it.
      way.fail(({ attempt }) => (attempt === 1 ? fault : undefined));
      expect(await functions()[of](), of).toEqual(sound);
      expect(way.requests, of).toBe(requests);
      expect(way.faults, of).toBe(requests);
    }
    const rows = (await world.readText('results', 'job/Align/_control_/items.csv')).trimEnd().split('\n');
    expect([rows.length, rows.at(-1)]).toEqual([
      601,
      '00599,"{""x"":""item 299"",""y"":""b"",""z"":""s3://results/job/lines.txt""}"',
    ]);
  });

  it.each(Object.keys(faults))(
    'each leaves as a failure that is tried again, not as the job’s error, what stays: %s',
    async (name) => {
      way.fail(() => faults[name]);
      for (const of of names) {
        const error: unknown = await functions()
          [of]()
          .catch((reason: unknown) => reason);
        expect(error, of).toBeInstanceOf(TransientFailure);
        expect(world.entries.at(-1)).toMatchObject({ level: 'error', error: 'TransientFailure' });
      }
    },
  );

  it('an object that breaks off while it is read is a failure that is tried again', async () => {
    way.fail(({ path }) => (path.includes('/lines.txt?x-id=GetObject') ? { kind: 'cut-answer' } : undefined));
    await expect(functions().scatter()).rejects.toBeInstanceOf(TransientFailure);
    way.fail(({ path }) => (path.includes('/qc.json') ? { kind: 'cut-answer' } : undefined));
    await expect(functions().choose()).rejects.toBeInstanceOf(TransientFailure);
  });

  describe('an upload of many parts', () => {
    const wide = (prefix: string) => async () =>
      createScatter({ s3, ...world.dependencies })({
        step: 'Wide',
        scatter: { x: '${job.list}', y: '${job.list}', z: [1, 2, 3] },
        inputs: {},
        outputs: {},
        payload: await world.payload(prefix, {
          list: Array.from({ length: 300 }, (_, index) => `${'item'.repeat(5)} ${index}`),
        }),
      });

    it('is whole although every part had to be sent again', async () => {
      await wide('sound')();
      // Set when the upload starts: S3 rejects parts with a checksum algorithm that their upload does not declare.
      const object = { Bucket: 'results', Key: 'sound/Wide/_control_/items.csv', ChecksumMode: 'ENABLED' } as const;
      expect(await world.s3.send(new HeadObjectCommand(object))).toMatchObject({
        ETag: expect.stringMatching(/-\d+"$/),
        ChecksumType: 'FULL_OBJECT',
        ChecksumCRC32: expect.any(String),
      });
      way.fail(({ path, attempt }) =>
        attempt === 1 && path.includes('partNumber') ? faults['no service'] : undefined,
      );
      await wide('mended')();
      expect(way.faults).toBeGreaterThan(2);
      const [sound, mended] = await Promise.all(
        ['sound', 'mended'].map((prefix) => world.read('results', `${prefix}/Wide/_control_/items.csv`)),
      );
      expect(sound?.length).toBeGreaterThan(12 * 1024 * 1024);
      expect(Buffer.from(sound ?? []).equals(Buffer.from(mended ?? []))).toBe(true);
    });

    it('leaves nothing behind when a part cannot be sent', async () => {
      way.fail(({ path }) => (path.includes('partNumber=2') ? faults['no service'] : undefined));
      await expect(wide('broken')()).rejects.toBeInstanceOf(TransientFailure);
      expect(await world.keys('results', 'broken/Wide/')).toEqual([]);
      const { Uploads: uploads = [] } = await world.s3.send(new ListMultipartUploadsCommand({ Bucket: 'results' }));
      expect(uploads).toEqual([]);
    });
  });

  it('a refusal is the job’s error, which no retry mends', async () => {
    way.fail(() => ({ kind: 'answer', status: 403, code: 'AccessDenied' }));
    for (const of of names) {
      const error: unknown = await functions()
        [of]()
        .catch((reason: unknown) => reason);
      expect(error, of).toMatchObject({ name: 'AccessDenied', message: expect.stringContaining('s3://') });
    }
  });
});
