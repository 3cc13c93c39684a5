import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteLogGroupCommand,
  DeleteLogStreamCommand,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
  type FilterLogEventsCommandInput,
  GetLogEventsCommand,
  type GetLogEventsCommandInput,
  ListTagsForResourceCommand,
  PutLogEventsCommand,
  PutRetentionPolicyCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLogsService } from '../../../src/services/logs/service.js';
import { RunningEngine } from '../../running-engine.js';

const hour = 3_600_000;
const day = 24 * hour;

describe('CloudWatch Logs', () => {
  let engine: RunningEngine;
  let logs: CloudWatchLogsClient;
  let group = '';
  let count = 0;
  const now = Date.now();
  beforeAll(async () => {
    engine = await RunningEngine.start([createLogsService]);
    logs = new CloudWatchLogsClient(engine.client);
  });
  afterAll(() => engine.dispose());

  const createGroup = async () => {
    count += 1;
    group = `/aws/test/${count}`;
    await logs.send(new CreateLogGroupCommand({ logGroupName: group, tags: { n: String(count) } }));
  };
  const createStream = (logStreamName: string) =>
    logs.send(new CreateLogStreamCommand({ logGroupName: group, logStreamName }));
  const put = (logStreamName: string, events: readonly (readonly [number, string])[]) =>
    logs.send(
      new PutLogEventsCommand({
        logGroupName: group,
        logStreamName,
        logEvents: events.map(([timestamp, message]) => ({ timestamp, message })),
      }),
    );
  const get = async (logStreamName: string, how: Partial<GetLogEventsCommandInput> = {}) => {
    const answer = await logs.send(new GetLogEventsCommand({ logGroupName: group, logStreamName, ...how }));
    return { ...answer, messages: answer.events?.map((event) => event.message) ?? [] };
  };
  const filter = async (how: Partial<FilterLogEventsCommandInput> = {}) => {
    const answer = await logs.send(new FilterLogEventsCommand({ logGroupName: group, ...how }));
    return { ...answer, messages: answer.events?.map((event) => event.message) ?? [] };
  };

  it('keeps groups and streams, with their times', async () => {
    await createGroup();
    await createStream('b/2026/[$LATEST]x');
    await createStream('a');
    await put('a', [
      [now, 'first'],
      [now + 5, 'last'],
    ]);
    const { logGroups } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: group }));
    expect(logGroups).toMatchObject([
      { logGroupName: group, arn: `arn:aws:logs:us-east-1:123456789012:log-group:${group}:*` },
    ]);
    const resourceArn = logGroups?.[0]?.logGroupArn;
    expect((await logs.send(new ListTagsForResourceCommand({ resourceArn }))).tags).toEqual({ n: String(count) });
    const { logStreams } = await logs.send(new DescribeLogStreamsCommand({ logGroupName: group }));
    expect(logStreams).toMatchObject([
      { logStreamName: 'a', firstEventTimestamp: now, lastEventTimestamp: now + 5 },
      { logStreamName: 'b/2026/[$LATEST]x' },
    ]);
    const latest = await logs.send(
      new DescribeLogStreamsCommand({ logGroupName: group, orderBy: 'LastEventTime', descending: true, limit: 1 }),
    );
    expect(latest.logStreams?.map((stream) => stream.logStreamName)).toEqual(['a']);
    const next = await logs.send(
      new DescribeLogStreamsCommand({
        logGroupName: group,
        orderBy: 'LastEventTime',
        descending: true,
        nextToken: latest.nextToken,
      }),
    );
    expect(next.logStreams?.map((stream) => stream.logStreamName)).toEqual(['b/2026/[$LATEST]x']);
    expect(next.nextToken).toBeUndefined();
    await expect(createStream('a')).rejects.toMatchObject({ name: 'ResourceAlreadyExistsException' });
  });

  it('reads a stream forward page by page, and what comes later from the same token', async () => {
    await createGroup();
    await createStream('s');
    await put(
      's',
      Array.from({ length: 5 }, (_, n) => [now + n, `m${n}`] as const),
    );
    const first = await get('s', { startFromHead: true, limit: 3 });
    expect(first.messages).toEqual(['m0', 'm1', 'm2']);
    const second = await get('s', { nextToken: first.nextForwardToken });
    expect(second.messages).toEqual(['m3', 'm4']);
    const end = await get('s', { nextToken: second.nextForwardToken });
    expect(end.messages).toEqual([]);
    expect(end.nextForwardToken).toBe(second.nextForwardToken);
    await put('s', [[now + 9, 'later']]);
    expect((await get('s', { nextToken: end.nextForwardToken })).messages).toEqual(['later']);
    const back = await get('s', { nextToken: second.nextBackwardToken });
    expect(back.messages).toEqual(['m0', 'm1', 'm2']);
  });

  it('reads a stream from its end backward', async () => {
    await createGroup();
    await createStream('s');
    const long = 'x'.repeat(3000);
    await put(
      's',
      Array.from({ length: 300 }, (_, n) => [now + n, `${n} ${long}`] as const),
    );
    const numbers = (messages: readonly (string | undefined)[]) => messages.map((text) => Number(text?.split(' ')[0]));
    const last = await get('s', { limit: 150 });
    expect(numbers(last.messages)).toEqual(Array.from({ length: 150 }, (_, n) => n + 150));
    const before = await get('s', { nextToken: last.nextBackwardToken, limit: 1000 });
    expect(numbers(before.messages)).toEqual(Array.from({ length: 150 }, (_, n) => n));
    const start = await get('s', { nextToken: before.nextBackwardToken });
    expect(start.messages).toEqual([]);
    expect(start.nextBackwardToken).toBe(before.nextBackwardToken);
  });

  it('orders by time what came out of order', async () => {
    await createGroup();
    await createStream('s');
    await put('s', [
      [now + 10, 'c'],
      [now + 20, 'd'],
    ]);
    await put('s', [
      [now, 'a'],
      [now + 10, 'c2'],
    ]);
    expect((await get('s', { startFromHead: true })).messages).toEqual(['a', 'c', 'c2', 'd']);
    const first = await get('s', { startFromHead: true, limit: 2 });
    expect((await get('s', { nextToken: first.nextForwardToken })).messages).toEqual(['c2', 'd']);
    const last = await get('s', { limit: 2 });
    expect(last.messages).toEqual(['c2', 'd']);
    expect((await get('s', { nextToken: last.nextBackwardToken })).messages).toEqual(['a', 'c']);
  });

  it('reads a span of time', async () => {
    await createGroup();
    await createStream('s');
    await put('s', [
      [now, 'a'],
      [now + 1, 'b'],
      [now + 2, 'c'],
    ]);
    expect((await get('s', { startTime: now + 1, endTime: now + 2, startFromHead: true })).messages).toEqual(['b']);
    expect((await filter({ startTime: now + 1, endTime: now + 2 })).messages).toEqual(['b', 'c']);
  });

  it('filters the events of several streams by time, streams and pattern', async () => {
    await createGroup();
    for (const stream of ['x1', 'x2', 'y']) await createStream(stream);
    await put('x1', [
      [now, 'ERROR one'],
      [now + 4, 'fine'],
    ]);
    await put('x2', [[now + 1, 'ERROR two timeout']]);
    await put('y', [[now + 2, 'error three']]);
    expect((await filter()).messages).toEqual(['ERROR one', 'ERROR two timeout', 'error three', 'fine']);
    expect((await filter({ logStreamNamePrefix: 'x' })).messages).toEqual(['ERROR one', 'ERROR two timeout', 'fine']);
    expect((await filter({ logStreamNames: ['y'] })).messages).toEqual(['error three']);
    expect((await filter({ filterPattern: 'ERROR' })).messages).toEqual(['ERROR one', 'ERROR two timeout']);
    expect((await filter({ filterPattern: 'ERROR -timeout' })).messages).toEqual(['ERROR one']);
    expect((await filter({ filterPattern: '?fine ?three' })).messages).toEqual(['error three', 'fine']);
    expect((await filter({ filterPattern: '"two timeout"' })).messages).toEqual(['ERROR two timeout']);
    await expect(filter({ filterPattern: '{ $.level = "x" }' })).rejects.toThrow(/terms only/);
    const pages: (string | undefined)[] = [];
    let nextToken: string | undefined;
    do {
      const page = await filter({ limit: 1, ...(nextToken === undefined ? {} : { nextToken }) });
      pages.push(...page.messages);
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    expect(pages).toEqual(['ERROR one', 'ERROR two timeout', 'error three', 'fine']);
    const ids = (await filter()).events?.map((event) => event.eventId);
    expect(new Set(ids).size).toBe(4);
  });

  it('rejects events that are too old or too new, and keeps the others', async () => {
    await createGroup();
    await createStream('s');
    const answer = await put('s', [
      [now - 15 * day, 'too old'],
      [now, 'kept'],
      [now + 3 * hour, 'too new'],
    ]);
    expect(answer.rejectedLogEventsInfo).toMatchObject({ tooOldLogEventEndIndex: 1, tooNewLogEventStartIndex: 2 });
    expect((await get('s')).messages).toEqual(['kept']);
  });

  it('hides what a retention has let expire', async () => {
    await createGroup();
    await createStream('s');
    await put('s', [
      [now - 2 * day, 'expired'],
      [now, 'kept'],
    ]);
    await logs.send(new PutRetentionPolicyCommand({ logGroupName: group, retentionInDays: 1 }));
    expect((await get('s', { startFromHead: true })).messages).toEqual(['kept']);
    expect((await filter()).messages).toEqual(['kept']);
    await expect(logs.send(new PutRetentionPolicyCommand({ logGroupName: group, retentionInDays: 2 }))).rejects.toThrow(
      /not one of the retentions/,
    );
  });

  it('keeps events over a restart, with the same tokens', async () => {
    await createGroup();
    await createStream('s');
    await put('s', [
      [now, 'a ä😀\n"'],
      [now + 1, 'b'],
    ]);
    const { nextForwardToken } = await get('s', { startFromHead: true, limit: 1 });
    await engine.close();
    await engine.open();
    logs = new CloudWatchLogsClient(engine.client);
    expect((await get('s', { startFromHead: true })).messages).toEqual(['a ä😀\n"', 'b']);
    expect((await get('s', { nextToken: nextForwardToken })).messages).toEqual(['b']);
    await put('s', [[now + 2, 'c']]);
    expect((await get('s', { startFromHead: true })).messages).toHaveLength(3);
  });

  it('removes the files of what is deleted', async () => {
    const files = () => readdirSync(join(engine.directory, 'logs')).length;
    const before = files();
    await createGroup();
    for (const stream of ['one', 'two']) {
      await createStream(stream);
      await put(stream, [[now, 'x']]);
    }
    expect(files()).toBe(before + 2);
    await logs.send(new DeleteLogStreamCommand({ logGroupName: group, logStreamName: 'one' }));
    expect(files()).toBe(before + 1);
    await logs.send(new DeleteLogGroupCommand({ logGroupName: group }));
    expect(files()).toBe(before);
    await expect(get('two')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('refuses bad names, order and tokens', async () => {
    await createGroup();
    await expect(createStream('a:b')).rejects.toMatchObject({ name: 'InvalidParameterException' });
    await expect(logs.send(new CreateLogGroupCommand({ logGroupName: '../x y' }))).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
    await createStream('s');
    await expect(
      put('s', [
        [now, 'b'],
        [now - 1, 'a'],
      ]),
    ).rejects.toThrow(/chronological/);
    await expect(get('s', { nextToken: 'f/nonsense' })).rejects.toThrow(/nextToken is invalid/);
    await expect(filter({ nextToken: 'nonsense' })).rejects.toThrow(/nextToken is invalid/);
  });
});
