import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import type { StatePayload } from '@bclaw/spec/run-time';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createInitialize } from '../src/index.js';
import { refusal, World } from './world.js';

const execution = {
  arn: 'arn:aws:states:us-east-1:123456789012:execution:my-workflow--3:job_0a1b2c3d',
  name: 'job_0a1b2c3d',
};

describe('initialize', () => {
  let world: World;

  beforeAll(async () => {
    world = await World.create();
  });
  afterAll(() => world.close());
  beforeEach(() => {
    world.entries = [];
  });

  const call = (event: unknown): Promise<StatePayload> =>
    createInitialize({ s3: world.s3, ...world.dependencies })(event);

  const request = (key: string, version: string, repository: string) => ({
    workflow: 'my-workflow',
    repository,
    execution,
    input: { job_file: { bucket: 'launcher', key, version }, index: 'main' },
  });

  const job = async (body: string | Uint8Array, repository: string, key = 'my-workflow/job.json') =>
    call(request(key, await world.putJob(key, body), repository));

  it('turns the launcher’s payload into the payload of all states', async () => {
    const key = 'my-workflow/batch 7/first.json';
    const version = await world.putJob(key, '{"SAMPLE_ID": "s1", "run": {"number": 7}}');
    expect(await call(request(key, version, 's3://results/one/${job.SAMPLE_ID}/${job.run.number}/'))).toEqual({
      index: 'main',
      execution,
      job_file: { bucket: 'launcher', key, version },
      job_data: 's3://results/one/s1/7/_JOB_DATA_',
      repo: { bucket: 'results', prefix: 'one/s1/7', uri: 's3://results/one/s1/7' },
      prev_outputs: {},
      scatter: {},
      parent: {},
      share_id: 'myworkflow',
      job_tag: key,
    });
  });

  it('puts the job’s data and a copy of its file into the repository, tagged as bclaw’s own and where no glob sees it', async () => {
    const body = '{ "id": "two", "text": "ünï" }\n';
    await job(body, 's3://results/${job.id}', 'my-workflow/deep/er/two.json');
    expect(JSON.parse(await world.readText('results', 'two/_JOB_DATA_'))).toEqual({
      job: { id: 'two', text: 'ünï' },
      scatter: {},
      parent: {},
      job_file: { bucket: 'launcher', key: 'my-workflow/deep/er/two.json', version: expect.any(String) },
    });
    expect(await world.readText('results', 'two/_control_/job/two.json')).toBe(body);
    for (const name of ['_JOB_DATA_', '_control_/job/two.json'])
      expect(await world.tags('results', `two/${name}`)).toEqual({ 'bclaw.system': 'true' });
  });

  it('keeps numbers as they are written', async () => {
    await job('{"id": "exact", "large": 12345678901234567890, "real": 1.0}', 's3://results/${job.id}');
    expect(await world.readText('results', 'exact/_JOB_DATA_')).toContain('12345678901234567890, "real": 1.0');
  });

  it('reads exactly the version that the event named, whatever was written since', async () => {
    const key = 'my-workflow/replaced.json';
    const version = await world.putJob(key, '{"id": "old"}');
    await world.putJob(key, '{"id": "new"}');
    expect((await call(request(key, version, 's3://results/v/${job.id}'))).repo.prefix).toBe('v/old');
  });

  it('reads the version that the event named also when the file was deleted since', async () => {
    const key = 'my-workflow/deleted.json';
    const version = await world.putJob(key, '{"id": "deleted"}');
    await world.s3.send(new DeleteObjectCommand({ Bucket: 'launcher', Key: key }));
    await expect(world.read('launcher', key)).rejects.toMatchObject({ name: 'NoSuchKey' });
    expect((await call(request(key, version, 's3://results/v/${job.id}'))).repo.prefix).toBe('v/deleted');
  });

  it('reads the object as it is when its bucket has no versions', async () => {
    const key = 'my-workflow/unversioned.json';
    await world.putJob(key, '{"id": "now"}');
    expect((await call(request(key, '', 's3://results/v/${job.id}'))).repo.prefix).toBe('v/now');
  });

  it('lets a repository be a whole bucket', async () => {
    expect((await job('{}', 's3://results')).repo).toEqual({ bucket: 'results', prefix: '', uri: 's3://results' });
    expect(await world.keys('results')).toContain('_JOB_DATA_');
  });

  it('tells jobs apart whose numbers differ in the last of twenty digits', async () => {
    expect(await job('{"id": 12345678901234567891}', 's3://results/${job.id}')).toMatchObject({
      repo: { prefix: '12345678901234567891' },
    });
  });

  it('writes five megabytes of job data', async () => {
    const value = 'x'.repeat(5_000_000);
    await job(JSON.stringify({ id: 'large', value }), 's3://results/${job.id}');
    expect(JSON.parse(await world.readText('results', 'large/_JOB_DATA_')).job.value).toBe(value);
  });

  it('does the same again when it is retried', async () => {
    const key = 'my-workflow/again.json';
    const version = await world.putJob(key, '{"id": "again"}');
    const event = request(key, version, 's3://results/${job.id}');
    expect(await call(event)).toEqual(await call(event));
  });

  it('passes on the payload that another execution started this one with, as a job of its own', async () => {
    const payload: StatePayload = {
      index: 'main',
      execution: { arn: 'arn:aws:states:us-east-1:123456789012:execution:parent:p', name: 'p' },
      job_file: { bucket: 'launcher', key: 'parent/gone.json', version: 'v' },
      job_data: 's3://results/parent/sub/_JOB_DATA_',
      repo: { bucket: 'results', prefix: 'parent/sub', uri: 's3://results/parent/sub' },
      prev_outputs: {},
      scatter: {},
      parent: {},
      share_id: 'parent',
    };
    expect(await call({ workflow: 'sub', repository: 's3://results/x/${job.id}', execution, input: payload })).toEqual({
      ...payload,
      execution,
      share_id: 'sub',
      job_tag: 'parent/gone.json',
    });
  });

  it('checks the data against a schema, of a job and of a subpipe, and tells all faults', async () => {
    const job_schema = JSON.stringify({
      required: ['id', 'n'],
      properties: { id: { type: 'string' }, n: { type: 'integer' } },
      additionalProperties: false,
    });
    const version = await world.putJob('my-workflow/typed.json', '{"id": 1, "m": 2}');
    await expect(
      call({ ...request('my-workflow/typed.json', version, 's3://results/x'), job_schema }),
    ).rejects.toMatchObject({
      name: 'JobFileInvalid',
      message: expect.stringMatching(/`n` is missing.*`m` is not a value.*|`m` is not a value.*`n` is missing/s),
    });
    const good = await world.putJob('my-workflow/fits.json', '{"id": "fits", "n": 3}');
    const payload = await call({ ...request('my-workflow/fits.json', good, 's3://results/${job.id}'), job_schema });
    expect(payload).toMatchObject({ repo: { prefix: 'fits' } });
    const sub = { workflow: 'sub', repository: 's3://results/x', execution, input: payload };
    expect(await call({ ...sub, job_schema })).toMatchObject({ share_id: 'sub' });
    await expect(call({ ...sub, job_schema: '{"required": ["lanes"]}' })).rejects.toMatchObject({
      name: 'JobFileInvalid',
      message: expect.stringContaining('`lanes` is missing.'),
    });
  });

  it.each(['1.0', '1.10', '1e5', '-0', '12345678901234567890', '7'])(
    'keeps the spelling of the number %s in a repository',
    async (number) => {
      expect(await job(`{"id": ${number}}`, 's3://results/n/${job.id}')).toMatchObject({
        repo: { prefix: `n/${number}` },
      });
    },
  );

  describe('refuses', () => {
    it.each([
      ['text that is not JSON', 'hello', 'is not JSON'],
      ['half an object', '{"id": "x"', 'is not JSON'],
      ['nothing', '', 'is not JSON'],
      ['a list', '[1]', 'a list, not an object'],
      ['null', 'null', 'not an object'],
      ['a number', '7', 'not an object'],
      ['a number that keeps its spelling', '1.10', '1.10, not an object'],
      ['bytes that are not text', new Uint8Array([0x7b, 0xff, 0x7d]), 'UTF-8'],
    ])('a job file that holds %s', async (_, body, message) => {
      const before = await world.keys('results');
      const error = await refusal(job(body, 's3://results/bad/${job.id}'));
      expect(error.name).toBe('JobFileInvalid');
      expect(error.message).toContain(message);
      expect(error.message).toContain('s3://launcher/my-workflow/job.json');
      expect(await world.keys('results')).toEqual(before);
    });

    it.each([
      ['a value that is missing', '{}', '${job.id}'],
      ['a value that is null', '{"id": null}', '${job.id}'],
      ['a value that is empty', '{"id": ""}', '${job.id}'],
      ['a list', '{"id": [1]}', '${job.id}'],
      ['a map', '{"id": {}}', '${job.id}'],
    ])('a repository with %s, by name', async (_, body, reference) => {
      const error = await refusal(job(body, `s3://results/${reference}`));
      expect(error.name).toBe('RepositoryInvalid');
      expect(error.message).toContain(reference);
    });

    it.each([
      ['inside the launcher bucket', 's3://launcher/x', 'launcher bucket'],
      ['that leads out of its folder', 's3://results/${job.up}/x', '".."'],
      ['in no bucket', 's3://${job.Bad}/x', 'not in an S3 bucket'],
      ['that is no S3 URI', '${job.up}', 'not in an S3 bucket'],
      ['in a bucket that does not exist', 's3://results-not-there/x', 'does not exist'],
    ])('a repository %s', async (_, repository, message) => {
      const error = await refusal(job('{"up": "..", "Bad": "Bad_Name"}', repository));
      expect(error.name).toBe('RepositoryInvalid');
      expect(error.message).toContain(message);
    });

    it('a job file that is not there, or not in that version', async () => {
      const missing = await refusal(call(request('my-workflow/none.json', '', 's3://results/x')));
      expect(missing).toMatchObject({ name: 'JobFileNotFound', code: 'job-file-not-found' });
      expect(missing.message).toContain('s3://launcher/my-workflow/none.json');
      await world.putJob('my-workflow/there.json', '{}');
      const stale = await refusal(call(request('my-workflow/there.json', 'no-such-version', 's3://results/x')));
      expect(stale.name).toBe('JobFileNotFound');
    });

    it('an event that no state machine of bclaw sends', async () => {
      expect((await refusal(call({ hello: 'world' }))).name).toBe('RequestInvalid');
      expect((await refusal(call(null))).name).toBe('RequestInvalid');
    });

    it('with a cause for a person: the way out, and no stack trace', async () => {
      const error = await refusal(job('hello', 's3://results/x'));
      expect(error.message).toContain('correct the file and copy it again');
      expect(error.stack).toBe(`JobFileInvalid: ${error.message}`);
    });
  });

  describe('logs', () => {
    it('one line for a call that goes well', async () => {
      await job('{"id": "logged"}', 's3://results/${job.id}');
      expect(world.entries).toEqual([
        {
          level: 'info',
          message: 'done',
          function: 'initialize',
          workflow: 'my-workflow',
          version: 3,
          execution: 'job_0a1b2c3d',
          step: 'Initialize',
          branch: 'main',
          milliseconds: 5,
        },
      ]);
    });

    it('one line for a call that fails, with the error as the state machine sees it', async () => {
      await expect(job('hello', 's3://results/x')).rejects.toThrow();
      expect(world.entries).toMatchObject([
        { level: 'error', error: 'JobFileInvalid', execution: 'job_0a1b2c3d', milliseconds: 5 },
      ]);
    });

    it('also a call that it cannot make sense of', async () => {
      await expect(call({})).rejects.toThrow();
      expect(world.entries).toMatchObject([{ level: 'error', error: 'RequestInvalid', function: 'initialize' }]);
    });
  });
});
