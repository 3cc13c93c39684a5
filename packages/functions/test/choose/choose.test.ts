import type { ChooseRequest, ChooseResult, StatePayload } from '@bclaw/spec/run-time';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createChoose } from '../../src/index.js';
import { refusal, World } from '../world.js';

describe('choose', () => {
  let world: World;
  let payload: StatePayload;

  beforeAll(async () => {
    world = await World.create();
    payload = await world.payload(
      'job',
      { id: 's1', limit: 30, job: 'inner' },
      { scatter: { lane: 2 }, parent: { ref: 's3://x/y' } },
    );
    await Promise.all(
      Object.entries({
        'job/qc.json': '{"depth": 41, "name": "s1", "job": "mine", "qc": {"depth": 7}, "large": 12345678901234567890}',
        'job/s1.json': '{"depth": 5}',
        'job/list.json': '[1, 2, 3]',
        'job/bad.json': '{"depth": ',
        'job/bytes.json': Buffer.from([0x22, 0xff, 0x22]),
      }).map(([key, body]) => world.put(key, body)),
    );
  });
  afterAll(() => world.close());
  beforeEach(() => {
    world.entries = [];
  });

  const choose = (request: Partial<ChooseRequest>): Promise<ChooseResult> =>
    createChoose({ s3: world.s3, ...world.dependencies })({
      step: 'Deep?',
      inputs: {},
      mode: 'first',
      conditions: [],
      payload,
      ...request,
    });
  const holds = async (condition: string, inputs: Readonly<Record<string, string>> = {}) =>
    (await choose({ inputs, mode: 'every', conditions: [condition] })).choices?.[0];

  it('reads an input whose name job data have given the characters of a glob', async () => {
    const odd = await world.payload('odd', { v: 'v-[PR]' }, { parent: { p: 's3://results/odd/v-[[]PR].json' } });
    await world.put('odd/v-[PR].json', '{"depth": 3}');
    await world.put('odd/v-P.json', '{"depth": 4}');
    for (const file of ['${job.v}.json', '${parent.p}']) {
      const call = {
        payload: odd,
        inputs: { qc: file },
        conditions: ['qc.depth == 3 and parent.p[-9:] == "[PR].json"'],
      };
      expect(await choose(call)).toEqual({ choice: 0 });
    }
  });

  it('takes numbers for what Python takes them, as they are written', async () => {
    const spelled = await world.payload(
      'spelled',
      {},
      { scatter: { n: 1, '=n': '1.0', id: '9007199254740993', '=id': '9007199254740993' } },
    );
    await world.put('spelled/_JOB_DATA_', '{"job":{"v":1.10,"e":1e2,"big":9007199254740993},"scatter":{},"parent":{}}');
    const isTrue = [
      'job.v == 1.1 and str(job.v) == "1.1"',
      'str(job.e) == "100.0" and job.e > 99',
      'job.big == 9007199254740993 and job.big + 1 == 9007199254740994',
      'str(scatter.n) == "1.0" and scatter.n == 1',
      'scatter.id == 9007199254740993 and scatter.id % 10 == 3',
    ];
    const call = { payload: spelled, conditions: isTrue, mode: 'every' as const };
    expect(await choose(call)).toEqual({ choices: isTrue.map(() => true) });
  });

  it('finds the first condition that holds, and evaluates no further', async () => {
    const inputs = { qc: 'qc.json' };
    expect(await choose({ inputs, conditions: ['depth > 50', 'depth > 40', 'nothing_at_all'] })).toEqual({ choice: 1 });
    expect(await choose({ inputs, conditions: ['depth > 50', 'False'] })).toEqual({ choice: -1 });
    expect(await choose({ inputs, conditions: [null] })).toEqual({ choice: 0 });
  });

  it('tells of every condition whether it holds', async () => {
    expect(await choose({ mode: 'every', conditions: ['job.limit == 30', null, '[]', '"x"'] })).toEqual({
      choices: [true, true, false, true],
    });
    expect(await choose({ mode: 'every', conditions: [] })).toEqual({ choices: [] });
  });

  it('knows inputs by name, and job, scatter and parent', async () => {
    expect(await holds('qc.depth > other.depth', { qc: 'qc.json', other: 's3://results/job/${job.id}.json' })).toBe(
      true,
    );
    expect(await holds('job.limit + scatter.lane == 32 and parent.ref == "s3://x/y"')).toBe(true);
  });

  it('lends the keys of a single input, but never instead of a declared name', async () => {
    const inputs = { qc: 'qc.json' };
    expect(await holds('depth == 41 and name == "s1"', inputs)).toBe(true);
    expect(await holds('job.id == "s1" and qc.qc.depth == 7', inputs)).toBe(true);
    expect((await refusal(holds('depth > 1', { qc: 'qc.json', list: 'list.json' }))).message).toContain('`depth > 1`');
  });

  it('takes a single input that is no object by its name', async () => {
    expect(await holds('len(list) == 3', { list: 'list.json' })).toBe(true);
  });

  it('keeps numbers as they are written', async () => {
    expect(await holds('large % 10 == 0 and large // 10 == 1234567890123456789', { qc: 'qc.json' })).toBe(true);
    const job = '{"job": {"large": 12345678901234567891, "real": 1.0}, "scatter": {}, "parent": {}}';
    await world.put('exact/_JOB_DATA_', job);
    const exact = { ...payload, job_data: 's3://results/exact/_JOB_DATA_' };
    expect(
      await choose({ payload: exact, conditions: ['job.large % 10 == 1 and isinstance(job.real, float)'] }),
    ).toEqual({ choice: 0 });
  });

  it('takes an optional input that is missing for None', async () => {
    expect(await holds('qc is None', { 'qc?': 'none.json' })).toBe(true);
    expect(await holds('qc.depth == 41 and depth == 41', { 'qc?': 'qc.json' })).toBe(true);
  });

  it('reads values that were too many to travel', async () => {
    await world.put('job/values.json', '{"lane": 9}');
    const far = { ...payload, scatter: 's3://results/job/values.json' };
    expect(await choose({ payload: far, conditions: ['scatter.lane == 9'] })).toEqual({ choice: 0 });
  });

  it.each<[string, Partial<ChooseRequest>, string, string]>([
    ['an input that is missing', { inputs: { qc: 'none.json' } }, 'InputNotFound', 's3://results/job/none.json'],
    ['an input in no bucket', { inputs: { qc: 's3://not-there/x.json' } }, 'InputNotFound', 's3://not-there/x.json'],
    ['an input that is not JSON', { inputs: { qc: 'bad.json' } }, 'InputInvalid', '"qc", s3://results/job/bad.json'],
    ['an input that is no text', { inputs: { qc: 'bytes.json' } }, 'InputInvalid', 'UTF-8'],
    ['an optional input that is not JSON', { inputs: { 'qc?': 'bad.json' } }, 'InputInvalid', '"qc"'],
    ['a glob', { inputs: { qc: '*.json' } }, 'InputInvalid', 'is a glob'],
    ['an input that refers to nothing', { inputs: { qc: '${job.none}' } }, 'ValueMissing', '${job.none}'],
    ['a name that is missing', { conditions: ['depht > 3'] }, 'ConditionFailed', '`depht > 3`'],
    ['a key that is missing', { conditions: ['job.none == 3'] }, 'ConditionFailed', '`job.none == 3`'],
    ['a wrong type', { conditions: ['job.id > 3'] }, 'ConditionFailed', '`job.id > 3`'],
    ['what is no condition', { conditions: ['job.id ='] }, 'ConditionFailed', 'job.id ='],
    ['too much work', { conditions: ['9**9**9'] }, 'ConditionFailed', '`9**9**9`'],
  ])('refuses %s, never a silent false', async (_, request, name, message) => {
    for (const mode of ['first', 'every'] as const) {
      const error = await refusal(choose({ ...request, mode }));
      expect(error.name).toBe(name);
      expect(error.message).toContain(message);
    }
  });

  it('logs one line for each call', async () => {
    await choose({ conditions: ['True'] });
    expect(world.entries).toMatchObject([
      { level: 'info', function: 'choose', workflow: 'wf', version: 3, step: 'Deep?', branch: 'main' },
    ]);
  });
});
