import {
  CloudWatchLogsClient,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../running-engine.js';
import { LambdaWorld } from './lambda-world.js';
import { zipOf } from './zip-of.js';

describe('Invoke', () => {
  let world: LambdaWorld;
  beforeAll(async () => {
    world = await LambdaWorld.start();
  });
  afterAll(() => world.stop());

  it('names the version of a function that does not exist', async () => {
    await expect(world.invoke('nobody', {})).rejects.toThrow(
      'Function not found: arn:aws:lambda:us-east-1:123456789012:function:nobody:$LATEST',
    );
    await expect(world.invoke('nobody:live', {})).rejects.toThrow(/function:nobody:live$/);
  });

  it('gives the handler the event, the context object and the environment of Lambda', async () => {
    await world.create(
      'context',
      `export const handler = async (event, context) => ({
        event, context, left: context.getRemainingTimeInMillis(), env: process.env, file: import.meta.url });`,
      { MemorySize: 256, Timeout: 7, Publish: true, Environment: { Variables: { OWN: 'mine' } } },
    );
    const { result, version } = await world.invoke('context:1', { a: [1, 'ä'] });
    expect(version).toBe('1');
    expect(result.event).toEqual({ a: [1, 'ä'] });
    expect(result.context).toMatchObject({
      functionName: 'context',
      functionVersion: '1',
      invokedFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:context:1',
      memoryLimitInMB: '256',
      logGroupName: '/aws/lambda/context',
    });
    expect(result.context.awsRequestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(result.left).toBeGreaterThan(0);
    expect(result.left).toBeLessThanOrEqual(7000);
    expect(result.env).toMatchObject({
      OWN: 'mine',
      AWS_ENDPOINT_URL: world.engine.url,
      AWS_REGION: 'us-east-1',
      AWS_LAMBDA_FUNCTION_NAME: 'context',
      AWS_LAMBDA_FUNCTION_VERSION: '1',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
      _HANDLER: 'index.handler',
    });
    expect(result.file).toContain(result.env.LAMBDA_TASK_ROOT);
    // The engine's own environment must not leak into it.
    expect(Object.keys(result.env)).not.toContain('VITEST');
  });

  it.each([
    ['an ES module', 'index.handler', { 'index.mjs': 'export const handler = async () => "esm";' }, 'esm'],
    ['CommonJS', 'index.handler', { 'index.js': 'exports.handler = async () => "cjs";' }, 'cjs'],
    [
      'an ES module by package.json, in a folder',
      'src/app.run',
      { 'package.json': '{"type":"module"}', 'src/app.js': 'export const run = () => "nested";' },
      'nested',
    ],
    [
      'a callback',
      'index.handler',
      { 'index.cjs': 'exports.handler = (event, context, done) => done(null, "called back");' },
      'called back',
    ],
    ['no result', 'index.handler', { 'index.mjs': 'export const handler = async () => {};' }, null],
  ])('runs %s', async (what, Handler, files, expected) => {
    const name = what.replace(/[^a-zA-Z]+/g, '-');
    await world.create(name, '', { Handler, Code: { ZipFile: zipOf(files) } });
    expect(await world.invoke(name)).toMatchObject({ error: undefined, result: expected });
  });

  it.each([
    ['throws', 'throw new TypeError("no good");', { errorType: 'TypeError', errorMessage: 'no good' }],
    ['rejects with text', 'return Promise.reject("just text");', { errorType: 'string', errorMessage: 'just text' }],
    [
      'leaves a rejection unhandled',
      'Promise.reject(new Error("lost")); await new Promise(() => {});',
      { errorType: 'Runtime.UnhandledPromiseRejection', errorMessage: 'lost' },
    ],
    [
      'throws outside the handler',
      'setImmediate(() => { throw new RangeError("late"); }); await new Promise(() => {});',
      { errorType: 'RangeError', errorMessage: 'late' },
    ],
    [
      'exits',
      'process.exit(7);',
      {
        errorType: 'Runtime.ExitError',
        errorMessage: expect.stringMatching(/^RequestId: \S+ Error: .*exit status 7$/),
      },
    ],
    [
      'runs out of memory',
      'const all = []; for (;;) all.push(new Array(1e5).fill(Math.random()));',
      { errorType: 'Runtime.OutOfMemory', errorMessage: expect.stringContaining('signal: killed') },
    ],
    [
      'takes too long',
      'for (;;);',
      { errorType: 'Sandbox.Timedout', errorMessage: expect.stringMatching(/Task timed out after 1\.00 seconds$/) },
    ],
  ])('tells of a function that %s, and the next call is as if nothing had been', async (what, body, expected) => {
    const name = what.replaceAll(' ', '-');
    await world.create(name, `export const handler = async (event) => { if (event.ok) return "fine"; ${body} };`, {
      Timeout: name === 'takes-too-long' ? 1 : 30,
    });
    const answer = await world.invoke(name);
    expect(answer.error).toBe('Unhandled');
    expect(answer.result).toMatchObject(expected);
    expect(await world.invoke(name, { ok: true })).toMatchObject({ error: undefined, result: 'fine' });
  });

  it.each([
    ['import what is missing', 'import "./missing.mjs"; export const handler = 1;', 'Runtime.ImportModuleError'],
    ['break the grammar', 'export const handler = (', 'Runtime.UserCodeSyntaxError'],
    ['lack the export', 'export const other = () => 1;', 'Runtime.HandlerNotFound'],
    ['throw while loading', 'throw new RangeError("at load");', 'RangeError'],
  ])('tells of functions that %s', async (what, source, errorType) => {
    const name = what.replaceAll(' ', '-');
    await world.create(name, source);
    expect(await world.invoke(name)).toMatchObject({ error: 'Unhandled', result: { errorType } });
  });

  it('answers with the end of the log, and keeps the log in CloudWatch Logs', async () => {
    await world.create(
      'talking',
      `export const handler = async (event) => { console.log("one", { two: 2 }); console.error("three");
        process.stdout.write("fo"); process.stdout.write("ur\\n"); return 1; };`,
    );
    const { log } = await world.invoke('talking');
    const lines = log.trimEnd().split('\n');
    expect(lines[0]).toMatch(/^START RequestId: \S+ Version: \$LATEST$/);
    expect(lines[1]).toMatch(/^\S+Z\t\S+\tINFO\tone \{ two: 2 \}$/);
    expect(lines[2]).toMatch(/\tERROR\tthree$/);
    expect(lines[3]).toBe('four');
    expect(lines[4]).toMatch(/^END RequestId: /);
    expect(lines[5]).toMatch(/^REPORT RequestId: .*\tMemory Size: 128 MB$/);

    const logs = new CloudWatchLogsClient(world.engine.client);
    const logGroupName = '/aws/lambda/talking';
    const events = await eventually(async () => {
      const found = await logs.send(new FilterLogEventsCommand({ logGroupName })).catch(() => undefined);
      return (found?.events?.length ?? 0) >= 6 ? found?.events : undefined;
    }, 'the lines of the log');
    expect(events.map(({ message }) => message?.trimEnd())).toEqual(lines);
    const streams = await logs.send(new DescribeLogStreamsCommand({ logGroupName }));
    expect(streams.logStreams?.[0]?.logStreamName).toMatch(/^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/);
    logs.destroy();
  });

  it('writes lines of JSON where the function asks for them', async () => {
    await world.create('structured', 'export const handler = async () => console.warn({ step: "align" });', {
      LoggingConfig: { LogFormat: 'JSON' },
    });
    const line = (await world.invoke('structured')).log.split('\n')[1] ?? '';
    expect(JSON.parse(line)).toMatchObject({
      level: 'WARN',
      message: { step: 'align' },
      requestId: expect.any(String),
    });
  });

  it('runs calls side by side, one at a time in each worker', async () => {
    await world.create(
      'waiting',
      `let running = 0;
       export const handler = async (event) => {
         running += 1;
         const most = running;
         await new Promise((resolve) => setTimeout(resolve, event.wait));
         running -= 1;
         return most;
       };`,
    );
    const answers = await Promise.all(Array.from({ length: 12 }, () => world.invoke('waiting', { wait: 20 })));
    expect(answers.map(({ result }) => result)).toEqual(Array(12).fill(1));
  });

  it('does nothing in a dry run but check that the function is there', async () => {
    await world.create('dry', 'export const handler = async () => { throw new Error("ran"); };');
    const call = { InvocationType: 'DryRun' as const };
    expect((await world.lambda.send(new InvokeCommand({ FunctionName: 'dry', ...call }))).StatusCode).toBe(204);
    await expect(world.lambda.send(new InvokeCommand({ FunctionName: 'none', ...call }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  it('refuses a payload that is no JSON or too large, and tells of an answer that is too large', async () => {
    await world.create('large', 'export const handler = async (event) => "x".repeat(event.length ?? 0);');
    await expect(world.lambda.send(new InvokeCommand({ FunctionName: 'large', Payload: '{' }))).rejects.toMatchObject({
      name: 'InvalidRequestContentException',
    });
    await expect(world.invoke('large', 'x'.repeat(6_291_456))).rejects.toMatchObject({
      name: 'RequestTooLargeException',
    });
    await expect(world.invoke('large', 'x'.repeat(1_048_576), { InvocationType: 'Event' })).rejects.toMatchObject({
      name: 'RequestTooLargeException',
    });
    expect(await world.invoke('large', { length: 7_000_000 })).toMatchObject({
      error: 'Unhandled',
      result: { errorType: 'Function.ResponseSizeTooLarge' },
    });
    expect((await world.lambda.send(new InvokeCommand({ FunctionName: 'large' }))).Payload?.transformToString()).toBe(
      '""',
    );
  });
});
