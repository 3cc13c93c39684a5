import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startEngineWith } from '../../src/kernel/engine.js';
import type { ServiceFactory } from '../../src/services/index.js';
import { operationsOf } from '../operations.js';
import { signed } from '../signed.js';

/** A service that returns its input and records when it was started and stopped. */
function recorder(name: string, story: string[]): ServiceFactory {
  return (context) => ({
    name,
    json: { version: '1.0' },
    operations: operationsOf({
      Echo: (input: unknown) => ({ input, endpoint: context.endpoint }),
      Fail: () => {
        throw new TypeError('a bug');
      },
      Remember: ({ key }: { key: string }) => {
        context.journal.table(name).set(key, true);
        return {};
      },
      Recall: () => ({ keys: [...context.journal.table(name).entries()].map(([key]) => key) }),
    }),
    start: () => void story.push(`start ${name}`),
    stop: () => void story.push(`stop ${name}`),
  });
}

const json = (url: string, target: string, body: string) =>
  fetch(url, {
    method: 'POST',
    headers: { ...signed('states'), 'x-amz-target': target, 'content-type': 'application/x-amz-json-1.0' },
    body,
  });

describe('startEngine', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'bclaw-engine-'));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  it('starts services in order, stops them in reverse, and leaves no lock and no engine.json', async () => {
    const story: string[] = [];
    const engine = await startEngineWith([recorder('states', story), recorder('logs', story)], { directory });
    expect(JSON.parse(readFileSync(join(directory, 'engine.json'), 'utf8'))).toMatchObject({
      pid: process.pid,
      url: engine.url,
    });
    await Promise.all([engine.close(), engine.close()]);
    expect(story).toEqual(['start states', 'start logs', 'stop logs', 'stop states']);
    expect(existsSync(join(directory, 'engine.json'))).toBe(false);
    expect(existsSync(join(directory, 'engine.lock'))).toBe(false);
    await expect(fetch(engine.url)).rejects.toThrow();
  });

  it('makes its directory its own user’s alone', async () => {
    const own = join(directory, 'own');
    const engine = await startEngineWith([], { directory: own });
    expect(statSync(own).mode & 0o777).toBe(0o700);
    await engine.close();
  });

  it('makes what lies in its directory its own user’s alone, whatever it was before', async () => {
    const own = join(directory, 'own');
    for (const folder of ['', 's3', 's3/contents', 'logs'])
      mkdirSync(join(own, folder), { recursive: true, mode: 0o755 });
    for (const path of ['journal.jsonl', 'engine.log', 's3/contents/x', 'logs/y'])
      writeFileSync(join(own, path), '', { mode: 0o644 });
    const engine = await startEngineWith([], { directory: own });
    const open = readdirSync(own, { recursive: true, encoding: 'utf8' }).filter(
      (path) => (statSync(join(own, path)).mode & 0o077) !== 0,
    );
    expect(open).toEqual([]);
    expect(statSync(own).mode & 0o777).toBe(0o700);
    await engine.close();
  });

  it('keeps what operations recorded', async () => {
    const first = await startEngineWith([recorder('states', [])], { directory });
    await json(first.url, 'AWSStepFunctions.Remember', '{"key":"k"}');
    await first.close();
    const second = await startEngineWith([recorder('states', [])], { directory });
    const answer = await json(second.url, 'AWSStepFunctions.Recall', '');
    expect(await answer.json()).toEqual({ keys: ['k'] });
    await second.close();
  });

  it('refuses a directory that another engine uses, and takes over the lock of a dead one', async () => {
    const engine = await startEngineWith([], { directory });
    await expect(startEngineWith([], { directory })).rejects.toThrow(/already running in .*process \d+/);
    await engine.close();
    writeFileSync(join(directory, 'engine.lock'), JSON.stringify({ pid: process.pid, started: 'earlier', id: 'x' }));
    await (await startEngineWith([], { directory })).close();
    writeFileSync(join(directory, 'engine.lock'), 'torn');
    await (await startEngineWith([], { directory })).close();
  });

  it('gives the directory back when it cannot start', async () => {
    const engine = await startEngineWith([], { directory });
    const port = Number(new URL(engine.url).port);
    const other = join(directory, 'other');
    await expect(startEngineWith([], { directory: other, port })).rejects.toThrow(/EADDRINUSE/);
    await (await startEngineWith([], { directory: other })).close();
    await engine.close();
  });

  it('listens beyond loopback only when told in words that name the risk', async () => {
    await expect(startEngineWith([], { directory, host: '0.0.0.0' })).rejects.toThrow(/anyone who reaches it/);
  });

  it('refuses an account id and a region that AWS would not have', async () => {
    await expect(startEngineWith([], { directory, accountId: '1' })).rejects.toThrow(/12 digits/);
    await expect(startEngineWith([], { directory, region: '../etc' })).rejects.toThrow(/not the name of an AWS region/);
  });

  it('answers every kind of bad request with an error and lives on', async () => {
    const engine = await startEngineWith([recorder('states', [])], { directory });
    const notJson = await json(engine.url, 'AWSStepFunctions.Echo', '{"half');
    expect(notJson.status).toBe(400);
    expect(await notJson.json()).toMatchObject({ __type: 'SerializationException' });
    const notObject = await json(engine.url, 'AWSStepFunctions.Echo', '[1]');
    expect(notObject.status).toBe(400);
    const unknown = await json(engine.url, 'AWSStepFunctions.constructor', '{}');
    expect(unknown.headers.get('x-amzn-errortype')).toBe('UnknownOperationException');
    expect(await unknown.json()).toMatchObject({
      message: 'The embedded engine does not have the operation states:constructor.',
    });
    const bug = await json(engine.url, 'AWSStepFunctions.Fail', '{}');
    expect(bug.status).toBe(500);
    expect(await bug.json()).toMatchObject({ __type: 'InternalFailure', message: 'The embedded engine failed: a bug' });
    const fine = await json(engine.url, 'AWSStepFunctions.Echo', '{"a":1}');
    expect(await fine.json()).toEqual({ input: { a: 1 }, endpoint: engine.url });
    await engine.close();
  });

  it('keeps web pages out', async () => {
    const engine = await startEngineWith([recorder('states', [])], { directory });
    const page = await fetch(`${engine.url}/_bclaw/health`, { headers: { origin: 'https://evil.example' } });
    expect(page.status).toBe(403);
    const health = await fetch(`${engine.url}/_bclaw/health`);
    expect(await health.json()).toMatchObject({ status: 'ok', url: engine.url });
    await engine.close();
  });
});
