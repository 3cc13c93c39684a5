import type { StatePayload, SubpipeSubmitRequest, SubpipeSubmitResult } from '@bclaw/spec/run-time';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSubpipeSubmit } from '../../src/index.js';
import { stateMachineOf } from '../../src/subpipe/state-machine.js';
import { refusal, World } from '../world.js';

const caller = 'arn:aws-cn:states:cn-north-1:210987654321:execution:wf--3:job_0a1b2c3d';
const machine = (name: string) => `arn:aws-cn:states:cn-north-1:210987654321:stateMachine:${name}`;

describe('a subpipe’s submission', () => {
  let world: World;
  let payload: StatePayload;

  beforeAll(async () => {
    world = await World.create();
    payload = await world.payload('job', { id: 's1', pipe: 'plain' });
    await world.createLauncher('versioned', 4, '3');
    await world.createLauncher('unversioned', 0, '$LATEST');
  });
  afterAll(() => world.close());

  const submit = (request: Partial<SubpipeSubmitRequest> = {}): Promise<SubpipeSubmitResult> =>
    createSubpipeSubmit({ s3: world.s3, lambda: world.lambda, ...world.dependencies })({
      step: 'Call variants',
      subpipe: 'versioned',
      caller,
      entered: '2026-11-24T03:00:00.000Z',
      payload,
      ...request,
    });

  it('makes the sub-repository and a payload of its own, without what the caller’s states keep in theirs', async () => {
    const own = {
      ...payload,
      prev_outputs: { a: 'b' },
      scatter: { x: 1 },
      parent: { p: 's3://q/r' },
      branches: { count: 2 },
    };
    const { input, name } = await submit({ payload: { ...own, index: '00004' } });
    expect(input).toEqual({
      index: 'main',
      execution: payload.execution,
      job_file: payload.job_file,
      job_data: 's3://results/job/Call variants/_JOB_DATA_',
      repo: { bucket: 'results', prefix: 'job/Call variants', uri: 's3://results/job/Call variants' },
      prev_outputs: {},
      scatter: {},
      parent: {},
      share_id: 'wf',
      AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID: caller,
    });
    expect(name).toMatch(/^job_0a1b2c3d-Call-variants-[0-9a-f]{12}$/);
    expect(await world.readJson('job/Call variants/_JOB_DATA_')).toEqual({
      job: { id: 's1', pipe: 'plain' },
      scatter: {},
      parent: {},
      job_file: payload.job_file,
    });
    expect(await world.tags('results', 'job/Call variants/_JOB_DATA_')).toEqual({ 'bclaw.system': 'true' });
  });

  it('takes job data of its own, from the repository or from anywhere', async () => {
    await world.put('job/sub-s1.json', '{"id": "sub"}');
    await submit({ step: 'Own', job_data: 'sub-${job.id}.json' });
    expect(await world.readJson('job/Own/_JOB_DATA_')).toMatchObject({ job: { id: 'sub' } });
    await submit({ step: 'Own', job_data: 's3://results/job/sub-s1.json' });
    expect(await world.readJson('job/Own/_JOB_DATA_')).toMatchObject({ job: { id: 'sub' } });
  });

  describe('starts', () => {
    it('the live version of a versioned workflow', async () => {
      expect((await submit()).state_machine).toBe(machine('versioned--3:1'));
      await world.route('versioned', '1');
      expect((await submit()).state_machine).toBe(machine('versioned--1:1'));
    });

    it('the version that the template names, whichever is live', async () => {
      await world.route('versioned', '3');
      expect((await submit({ subpipe: 'versioned:2' })).state_machine).toBe(machine('versioned--2:1'));
      expect((await submit({ subpipe: 'versioned:live' })).state_machine).toBe(machine('versioned--3:1'));
      expect((await submit({ subpipe: 'versioned:current' })).state_machine).toBe(machine('versioned--3:1'));
      expect((await submit({ subpipe: 'unversioned:9' })).state_machine).toBe(machine('unversioned:9'));
      expect((await submit({ subpipe: '${job.pipe}:prod' })).state_machine).toBe(machine('plain:prod'));
    });

    it('the one state machine of an unversioned workflow', async () => {
      expect((await submit({ subpipe: 'unversioned' })).state_machine).toBe(machine('unversioned'));
    });

    it('a state machine that bclaw did not make, by name or by ARN', async () => {
      expect((await submit({ subpipe: '${job.pipe}' })).state_machine).toBe(machine('plain'));
      const long = 'x'.repeat(80);
      expect((await submit({ subpipe: long })).state_machine).toBe(machine(long));
      const arn = 'arn:aws:states:eu-west-1:999999999999:stateMachine:theirs';
      expect((await submit({ subpipe: arn })).state_machine).toBe(arn);
      expect((await submit({ subpipe: `${arn}:7` })).state_machine).toBe(`${arn}:7`);
    });

    it('each of two live versions as often as the alias’s weights say, and the same when it is tried again', async () => {
      await world.route('versioned', '2', { 4: 0.25 });
      const names = Array.from({ length: 120 }, (_, index) => `job${index}`);
      const choose = (name: string) => stateMachineOf(world.lambda, 'versioned', { caller, executionName: name });
      const chosen: string[] = [];
      for (const name of names) chosen.push(await choose(name));
      const share = chosen.filter((arn) => arn === machine('versioned--4:1')).length / chosen.length;
      expect(share).toBeGreaterThan(0.15);
      expect(share).toBeLessThan(0.35);
      expect(new Set(chosen)).toEqual(new Set([machine('versioned--2:1'), machine('versioned--4:1')]));
      for (const [index, name] of names.slice(0, 10).entries()) expect(await choose(name)).toBe(chosen[index]);
      await world.route('versioned', '2', { 4: 0 });
      expect((await submit()).state_machine).toBe(machine('versioned--2:1'));
    });
  });

  it('starts anew when a chooser leads back to the step, and the same when the state is tried again', async () => {
    const times = ['2026-11-24T03:00:00.000Z', '2026-11-24T03:00:00.000Z', '2026-11-24T03:10:00.000Z'];
    const [first, retried, next] = await Promise.all(times.map(async (entered) => (await submit({ entered })).name));
    expect(retried).toBe(first);
    expect(next).not.toBe(first);
  });

  it('gives the sub-job a name that Step Functions takes, equal only for the same job, branch and step', async () => {
    const text = fc.string({ unit: fc.constantFrom(...'abcXYZ019 _-.é/:#'), minLength: 1, maxLength: 90 });
    const job = fc.record({ step: text, execution: text, prefix: text });
    const nameOf = async ({ step, execution, prefix }: { step: string; execution: string; prefix: string }) => {
      const repo = { bucket: 'results', prefix: `n/${prefix}`, uri: `s3://results/n/${prefix}` };
      const of = { ...payload, repo, execution: { arn: `${payload.execution.arn}:${execution}`, name: execution } };
      return (await submit({ step, payload: of, subpipe: 'arn:aws:states:eu-west-1:1:stateMachine:x' })).name;
    };
    await fc.assert(
      fc.asyncProperty(job, job, async (one, other) => {
        const [first, again, second] = [await nameOf(one), await nameOf(one), await nameOf(other)];
        expect(first).toMatch(/^[A-Za-z0-9_-]{1,76}$/);
        expect(again).toBe(first);
        expect(second === first).toBe(JSON.stringify(one) === JSON.stringify(other));
      }),
      { numRuns: 15 },
    );
  });

  it.each<[string, Partial<SubpipeSubmitRequest>, string, string]>([
    ['a name that is none', { subpipe: 'a b' }, 'SubpipeInvalid', '"a b"'],
    ['a version that is none', { subpipe: 'versioned:new' }, 'SubpipeInvalid', '"new" is not a number'],
    ['a version that is empty', { subpipe: 'versioned:' }, 'SubpipeInvalid', 'neither'],
    ['an ARN of something else', { subpipe: 'arn:aws:lambda:r:1:function:f' }, 'SubpipeInvalid', 'neither'],
    ['a name from data that is not there', { subpipe: '${job.none}' }, 'ValueMissing', '${job.none}'],
    ['job data that is not there', { job_data: 'none.json' }, 'JobFileNotFound', 's3://results/job/none.json'],
    ['job data that is a list', { job_data: 'list.json' }, 'JobFileInvalid', 'an empty list, not an object'],
    ['job data that is not JSON', { job_data: 'bad.json' }, 'JobFileInvalid', 'is not JSON'],
    ['job data that is no text', { job_data: 'bytes.json' }, 'JobFileInvalid', 'not text in UTF-8'],
  ])('refuses %s', async (_, request, name, message) => {
    await world.put('job/list.json', '[]');
    await world.put('job/bad.json', '{');
    await world.put('job/bytes.json', Buffer.from([0xff]));
    const error = await refusal(submit(request));
    expect(error.name).toBe(name);
    expect(error.message).toContain(message);
  });
});
