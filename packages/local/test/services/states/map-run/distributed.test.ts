import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { LeapClock } from '../clock.js';
import { SmallEngine, until } from '../harness.js';
import { TinyS3, tinyLambda } from '../services.js';

const map = (extra: object, state: object = { Type: 'Pass', End: true }, config: object = {}) => ({
  StartAt: 'Scatter',
  States: {
    Scatter: {
      Type: 'Map',
      Label: 'scatter',
      ItemProcessor: {
        ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD', ...config },
        StartAt: 'I',
        States: { I: state },
      },
      End: true,
      ...extra,
    },
  },
});
const reader = (InputType: string, config: object = {}, Key = 'items') => ({
  ItemReader: {
    Resource: 'arn:aws:states:::s3:getObject',
    ReaderConfig: { InputType, ...config },
    Parameters: { Bucket: 'b', Key },
  },
});

function engineWith(
  objects: Readonly<Record<string, string | Uint8Array>> = {},
  handlers: Parameters<typeof tinyLambda>[0] = {},
) {
  const s3 = new TinyS3();
  for (const [key, text] of Object.entries(objects)) s3.objects.set(`b/${key}`, text);
  const engine = new SmallEngine({
    services: () => ({ s3: s3.operations(), lambda: tinyLambda(handlers) }),
    states: { clock: new LeapClock(100) },
  });
  return { engine, s3 };
}

const outputOf = async (
  definition: unknown,
  objects: Readonly<Record<string, string | Uint8Array>>,
  input: unknown = {},
) => {
  const { engine } = engineWith(objects);
  const finished = await engine.run(definition, input);
  expect([finished.status, finished.cause, engine.errors]).toEqual(['SUCCEEDED', undefined, []]);
  return JSON.parse(finished.output);
};

const call = (name: string) => ({
  Type: 'Task',
  Resource: `arn:aws:lambda:us-east-1:123456789012:function:${name}`,
  End: true,
});
const failOn = (bad: (item: number) => boolean) => (item: unknown) => {
  if (bad(Number(item))) throw new TypeError('bad item');
  return item;
};

describe('the items of a distributed Map', () => {
  it('come from the input, through ItemSelector', async () => {
    const definition = map({
      ItemsPath: '$.n',
      ItemSelector: { 'v.$': '$$.Map.Item.Value', 'i.$': '$$.Map.Item.Index', 'x.$': '$.x' },
    });
    expect(await outputOf(definition, {}, { n: [5, 6], x: 1 })).toEqual([
      { v: 5, i: 0, x: 1 },
      { v: 6, i: 1, x: 1 },
    ]);
  });

  it('come from CSV with quotes, line breaks, unicode, short and long rows', async () => {
    const csv = '\ufeffindex,value\n0,"a ""quoted"", one"\n1,"two\nlines"\n\n2\n3,ü,surplus\n';
    expect(await outputOf(map(reader('CSV', { CSVHeaderLocation: 'FIRST_ROW' })), { items: csv })).toEqual([
      { index: '0', value: 'a "quoted", one' },
      { index: '1', value: 'two\nlines' },
      { index: '2', value: '' },
      { index: '3', value: 'ü' },
    ]);
  });

  it('come from CSV with given headers and delimiter', async () => {
    const config = { CSVHeaderLocation: 'GIVEN', CSVHeaders: ['a', 'b'], CSVDelimiter: 'TAB', MaxItems: 2 };
    expect(await outputOf(map(reader('CSV', config)), { items: '1\t2\n3\t4\n5\t6\n' })).toEqual([
      { a: '1', b: '2' },
      { a: '3', b: '4' },
    ]);
  });

  it.each<[object, unknown, string]>([
    [{ CSVHeaderLocation: 'GIVEN', CSVHeaders: ['H', 'H'] }, {}, 'CSV headers cannot contain duplicates.'],
    [{ CSVHeaderLocation: 'FIRST_ROW' }, {}, 'CSV headers cannot contain duplicates.'],
    [
      { CSVHeaderLocation: 'GIVEN', CSVHeaders: ['a', 'b'], MaxItemsPath: '$.m' },
      { m: -1 },
      'field MaxItems must be positive',
    ],
  ])('fail the reader when the settings fit none: %j', async (config, input, cause) => {
    const finished = await engineWith({ items: 'H,H\n1,2\n' }).engine.run(map(reader('CSV', config)), input);
    expect(finished).toMatchObject({
      status: 'FAILED',
      error: 'States.ItemReaderFailed',
      cause: expect.stringContaining(cause),
    });
  });

  it('come from JSON, also deep inside, and from JSON Lines', async () => {
    expect(await outputOf(map(reader('JSON')), { items: '[1,{"a":2}]' })).toEqual([1, { a: 2 }]);
    expect(await outputOf(map(reader('JSON', { ItemsPointer: '/deep/0' })), { items: '{"deep":[[1,2]]}' })).toEqual([
      1, 2,
    ]);
    expect(await outputOf(map(reader('JSONL')), { items: '{"a":1}\n\n"x"\n' })).toEqual([{ a: 1 }, 'x']);
  });

  it('come from a listing, page after page', async () => {
    const definition = map({
      ItemReader: { Resource: 'arn:aws:states:::s3:listObjectsV2', Parameters: { Bucket: 'b', 'Prefix.$': '$.p' } },
    });
    const listed = await outputOf(definition, { 'in/a': '1', 'in/b': '22', 'in/c': '', other: '' }, { p: 'in/' });
    expect(listed.map(({ Key, Size }: { Key: string; Size: number }) => [Key, Size])).toEqual([
      ['in/a', 1],
      ['in/b', 2],
      ['in/c', 0],
    ]);
    expect(listed[0]).toEqual({ Etag: '"e"', Key: 'in/a', LastModified: 5, Size: 1, StorageClass: 'STANDARD' });
  });

  it('come from the objects of a listing, when they are to be loaded', async () => {
    const load = (ReaderConfig: object) =>
      map({
        ItemReader: {
          Resource: 'arn:aws:states:::s3:listObjectsV2',
          ReaderConfig: { Transformation: 'LOAD_AND_FLATTEN', ...ReaderConfig },
          Parameters: { Bucket: 'b', Prefix: 'in/' },
        },
      });
    const objects = { 'in/': '', 'in/a': '{"n":1}\n{"n":2}\n', 'in/b': '{"n":3}\n', other: '{"n":4}' };
    expect(await outputOf(load({ InputType: 'JSONL' }), objects)).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
    const rows = { 'in/a': 'n\n1\n', 'in/b': 'n\n2\n3\n' };
    const two = load({ InputType: 'CSV', CSVHeaderLocation: 'FIRST_ROW', MaxItems: 2 });
    expect(await outputOf(two, rows)).toEqual([{ n: '1' }, { n: '2' }]);
  });

  it('come from an inventory manifest', async () => {
    const manifest = JSON.stringify({
      destinationBucket: 'arn:aws:s3:::b',
      fileFormat: 'CSV',
      fileSchema: 'Bucket, Key',
      files: [{ key: 'f.csv' }, { key: 'g.csv.gz' }],
    });
    expect(
      await outputOf(map(reader('MANIFEST')), {
        items: manifest,
        'f.csv': '"x","k1"\n',
        'g.csv.gz': gzipSync('"x","k2"\n'),
      }),
    ).toEqual([
      { Bucket: 'x', Key: 'k1' },
      { Bucket: 'x', Key: 'k2' },
    ]);
  });

  it('are gathered by ItemBatcher', async () => {
    const definition = map({ ItemsPath: '$.n', ItemBatcher: { MaxItemsPerBatch: 2, BatchInput: { 'x.$': '$.x' } } });
    expect(await outputOf(definition, {}, { n: [1, 2, 3], x: 9 })).toEqual([
      { BatchInput: { x: 9 }, Items: [1, 2] },
      { BatchInput: { x: 9 }, Items: [3] },
    ]);
    const bytes = map({ ItemBatcher: { MaxInputBytesPerBatch: 40 } });
    const batches: { Items: string[] }[] = await outputOf(bytes, {}, ['aaaaaaaaaa', 'bbbbbbbbbb', 'cccccccccc']);
    expect(batches.map(({ Items }) => Items.length)).toEqual([2, 1]);
    for (const batch of batches) expect(JSON.stringify(batch).length).toBeLessThanOrEqual(40);
  });

  it('may be none at all', async () => {
    expect(await outputOf(map({}), {}, [])).toEqual([]);
    expect(await outputOf(map(reader('CSV', { CSVHeaderLocation: 'FIRST_ROW' })), { items: 'a,b\n' })).toEqual([]);
  });

  it.each<[string, object]>([
    ['a missing object', reader('CSV', {}, 'none')],
    ['JSON that is no array', reader('JSON')],
    ['JSON Lines that are none', reader('JSONL', {}, 'broken')],
  ])('fail as States.ItemReaderFailed for %s', async (_, extra) => {
    const { engine } = engineWith({ items: '{}', broken: '{"a":\n' });
    const finished = await engine.run(map(extra));
    expect(finished).toMatchObject({ status: 'FAILED', error: 'States.ItemReaderFailed' });
    const types = (await engine.history(finished.executionArn)).map(({ type }: { type: string }) => type);
    expect(types.slice(2)).toEqual([
      'MapStateStarted',
      'MapRunStarted',
      'MapRunFailed',
      'MapStateFailed',
      'ExecutionFailed',
    ]);
  });
});

describe('a map run', () => {
  it('shows its child executions', async () => {
    const { engine } = engineWith();
    const executionArn = await engine.start(await engine.create(map({}), 'wf--1'), [1, 2, 3], 'job');
    await engine.finished(executionArn);
    const { mapRuns } = await engine.sfn('ListMapRuns', { executionArn });
    expect(mapRuns).toEqual([
      {
        executionArn,
        mapRunArn: expect.stringMatching(/:mapRun:wf--1\/scatter:[0-9a-f-]{36}$/),
        stateMachineArn: expect.stringMatching(/:stateMachine:wf--1\/scatter$/),
        startDate: expect.any(Date),
        stopDate: expect.any(Date),
      },
    ]);
    const [{ mapRunArn }] = mapRuns;
    expect(await engine.sfn('DescribeMapRun', { mapRunArn })).toMatchObject({
      status: 'SUCCEEDED',
      maxConcurrency: 0,
      itemCounts: { total: 3, succeeded: 3, failed: 0, pending: 0, running: 0 },
      executionCounts: { total: 3, succeeded: 3 },
    });
    const { executions } = await engine.sfn('ListExecutions', { mapRunArn });
    expect(executions).toHaveLength(3);
    const child = await engine.sfn('DescribeExecution', { executionArn: executions[0].executionArn });
    expect(child).toMatchObject({ mapRunArn, input: '3', output: '3', status: 'SUCCEEDED' });
    expect(child.executionArn).toMatch(/:execution:wf--1\/scatter:/);
    const { executions: parents } = await engine.sfn('ListExecutions', {
      stateMachineArn: mapRuns[0].stateMachineArn.replace('/scatter', ''),
    });
    expect(parents).toHaveLength(1);
    const types = (await engine.history(executionArn)).map(
      ({ type, previousEventId }: { type: string; previousEventId: number }) => `${previousEventId} ${type}`,
    );
    expect(types.slice(1)).toEqual([
      '0 MapStateEntered',
      '2 MapStateStarted',
      '3 MapRunStarted',
      '4 MapRunSucceeded',
      '5 MapStateSucceeded',
      '4 MapStateExited',
      '7 ExecutionSucceeded',
    ]);
  });

  it.each<[object, number[], string]>([
    [{}, [1], 'FAILED'],
    [{}, [], 'SUCCEEDED'],
    [{ ToleratedFailureCount: 1 }, [1], 'SUCCEEDED'],
    [{ ToleratedFailureCount: 1 }, [1, 2], 'FAILED'],
    [{ ToleratedFailurePercentage: 25 }, [1], 'SUCCEEDED'],
    [{ ToleratedFailurePercentage: 25 }, [1, 2], 'FAILED'],
    [{ ToleratedFailurePercentage: 100 }, [0, 1, 2, 3], 'SUCCEEDED'],
    [{ ToleratedFailureCount: 4, ToleratedFailurePercentage: 25 }, [1, 2], 'FAILED'],
    [{ ToleratedFailureCountPath: '$.t' }, [1, 2], 'SUCCEEDED'],
  ])('with %j and failures at %j ends as %s', async (tolerance, bad, status) => {
    const { engine } = engineWith({}, { f: failOn((item) => bad.includes(item)) });
    const finished = await engine.run(map({ ItemsPath: '$.n', ...tolerance }, call('f')), { n: [0, 1, 2, 3], t: 2 });
    expect(finished.status).toBe(status);
    if (status === 'SUCCEEDED')
      expect(JSON.parse(finished.output)).toEqual([0, 1, 2, 3].filter((item) => !bad.includes(item)));
    else
      expect(finished).toMatchObject({
        error: 'States.ExceedToleratedFailureThreshold',
        cause: 'The specified tolerated failure threshold was exceeded',
      });
  });

  it('stops the children that still run when there are too many failures', async () => {
    const { engine } = engineWith({}, { f: failOn((item) => item === 0) });
    const state = { Type: 'Choice', Choices: [{ Variable: '$', NumericEquals: 0, Next: 'F' }], Default: 'W' };
    const definition = map({}, state);
    Object.assign(definition.States.Scatter.ItemProcessor.States, {
      F: { Type: 'Fail' },
      W: { Type: 'Wait', Seconds: 1000, End: true },
    });
    const finished = await engine.run(definition, [1, 2, 0]);
    expect(finished.status).toBe('FAILED');
    const [{ mapRunArn }] = (await engine.sfn('ListMapRuns', { executionArn: finished.executionArn })).mapRuns;
    expect(await engine.sfn('DescribeMapRun', { mapRunArn })).toMatchObject({
      status: 'FAILED',
      itemCounts: { aborted: 2, failed: 1 },
    });
  });

  it('runs at most MaxConcurrency children at once, and takes a new limit while it runs', async () => {
    const waiting: (() => void)[] = [];
    const { engine } = engineWith({}, { f: () => new Promise<void>((resolve) => waiting.push(resolve)) });
    const executionArn = await engine.start(
      await engine.create(map({ MaxConcurrency: 2 }, call('f'))),
      [0, 1, 2, 3, 4],
    );
    await until(() => waiting.length === 2, 'two run');
    const [{ mapRunArn }] = (await engine.sfn('ListMapRuns', { executionArn })).mapRuns;
    expect(await engine.sfn('DescribeMapRun', { mapRunArn })).toMatchObject({
      status: 'RUNNING',
      itemCounts: { running: 2 },
    });
    await engine.sfn('UpdateMapRun', { mapRunArn, maxConcurrency: 4 });
    await until(() => waiting.length === 4, 'four run');
    waiting.splice(0).forEach((resolve) => {
      resolve();
    });
    await until(() => waiting.length === 1, 'the last runs');
    waiting.forEach((resolve) => {
      resolve();
    });
    expect((await engine.finished(executionArn)).status).toBe('SUCCEEDED');
    await expect(engine.sfn('UpdateMapRun', { mapRunArn, maxConcurrency: 1 })).rejects.toMatchObject({
      code: 'ValidationException',
    });
  });

  it('ends its children with the parent', async () => {
    const { engine } = engineWith();
    const executionArn = await engine.start(
      await engine.create(map({}, { Type: 'Wait', Seconds: 1000, End: true })),
      [1, 2],
    );
    const mapRun = async () => (await engine.sfn('ListMapRuns', { executionArn })).mapRuns[0]?.mapRunArn;
    await until(
      async () =>
        (await mapRun()) !== undefined &&
        (await engine.sfn('DescribeMapRun', { mapRunArn: await mapRun() })).itemCounts.running === 2,
      'both run',
    );
    await engine.sfn('StopExecution', { executionArn });
    const mapRunArn = await mapRun();
    await until(
      async () => (await engine.sfn('DescribeMapRun', { mapRunArn })).status === 'ABORTED',
      'the map run is aborted',
    );
    expect((await engine.sfn('DescribeMapRun', { mapRunArn })).itemCounts).toMatchObject({ aborted: 2, running: 0 });
  });

  it('runs only the failed children again after a redrive', async () => {
    let broken = true;
    const calls: unknown[] = [];
    const { engine } = engineWith(
      {},
      {
        f: (item) => {
          calls.push(item);
          return failOn((each) => broken && each === 1)(item);
        },
      },
    );
    const failed = await engine.run(map({}, call('f')), [0, 1, 2]);
    expect(failed.status).toBe('FAILED');
    broken = false;
    const { executionArn } = failed;
    await engine.sfn('RedriveExecution', { executionArn });
    expect(await engine.finished(executionArn)).toMatchObject({ status: 'SUCCEEDED', output: '[0,1,2]' });
    expect(calls.filter((item) => item === 0)).toHaveLength(1);
    const { mapRuns } = await engine.sfn('ListMapRuns', { executionArn });
    expect(mapRuns).toHaveLength(1);
    expect(await engine.sfn('DescribeMapRun', { mapRunArn: mapRuns[0].mapRunArn })).toMatchObject({
      status: 'SUCCEEDED',
      redriveCount: 1,
    });
  });

  it('runs inside the children of another', async () => {
    const inner = map({ Label: 'inner' }, { Type: 'Pass', End: true }).States.Scatter;
    const definition = map({}, { Type: 'Pass', Next: 'Inner' });
    Object.assign(definition.States.Scatter.ItemProcessor.States, {
      Inner: {
        ...inner,
        ItemProcessor: { ...inner.ItemProcessor, StartAt: 'J', States: { J: { Type: 'Pass', End: true } } },
      },
    });
    expect(await outputOf(definition, {}, [[1, 2], [3]])).toEqual([[1, 2], [3]]);
  });
});

describe('ResultWriter', () => {
  const writer = (config?: object) => ({
    ResultWriter: {
      Resource: 'arn:aws:states:::s3:putObject',
      Parameters: { Bucket: 'b', 'Prefix.$': '$.out' },
      ...(config === undefined ? {} : { WriterConfig: config }),
    },
  });

  it('exports successes and failures with a manifest', async () => {
    const { engine, s3 } = engineWith({}, { f: failOn((item) => item === 1) });
    const finished = await engine.run(map({ ItemsPath: '$.n', ToleratedFailureCount: 1, ...writer() }, call('f')), {
      n: [0, 1],
      out: 'results/',
    });
    const result = JSON.parse(finished.output);
    const manifest = JSON.parse(s3.text(`b/${result.ResultWriterDetails.Key}`));
    expect(result.ResultWriterDetails.Key).toMatch(/^results\/[0-9a-f-]{36}\/manifest\.json$/);
    expect(manifest).toMatchObject({
      DestinationBucket: 'b',
      MapRunArn: result.MapRunArn,
      ResultFiles: { PENDING: [], FAILED: [{ Key: expect.stringContaining('FAILED_0.json') }] },
    });
    const [{ Key, Size }] = manifest.ResultFiles.SUCCEEDED;
    const text = s3.text(`b/${Key}`);
    expect(text).toHaveLength(Size);
    expect(JSON.parse(text)).toMatchObject([{ Input: '0', Output: '0', Status: 'SUCCEEDED' }]);
  });

  it('writes only outputs when compact, and flattens arrays', async () => {
    const { engine, s3 } = engineWith();
    for (const [config, content] of [
      [{ Transformation: 'COMPACT', OutputType: 'JSON' }, '[[1,2],[3]]'],
      [{ Transformation: 'FLATTEN', OutputType: 'JSONL' }, '1\n2\n3\n'],
    ] as const) {
      const finished = await engine.run(map({ ItemsPath: '$.n', ...writer(config) }), { n: [[1, 2], [3]], out: 'o' });
      const { Key } = JSON.parse(finished.output).ResultWriterDetails;
      const [file] = JSON.parse(s3.text(`b/${Key}`)).ResultFiles.SUCCEEDED;
      expect(s3.text(`b/${file.Key}`)).toBe(content);
    }
  });

  it('only transforms without a destination', async () => {
    const definition = map({ ResultWriter: { WriterConfig: { Transformation: 'FLATTEN', OutputType: 'JSON' } } });
    expect(await outputOf(definition, {}, [[1], [2, 3]])).toEqual([1, 2, 3]);
  });
});
