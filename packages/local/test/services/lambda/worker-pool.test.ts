import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { memoryJournal } from '../../../src/kernel/journal-store.js';
import type { FunctionVersion } from '../../../src/services/lambda/model.js';
import { WorkerPool } from '../../../src/services/lambda/worker-pool.js';
import { storeCode } from '../../../src/services/lambda/zip.js';
import { eventually } from '../../running-engine.js';
import { contextFor, versionOf } from './version-of.js';
import { zipOf } from './zip-of.js';

/** Returns the worker's thread id; with `until`, writes a file and waits until the file `until` exists. */
const source = `
  import { existsSync, writeFileSync } from 'node:fs';
  import { threadId } from 'node:worker_threads';
  export const handler = async ({ until }) => {
    if (until) writeFileSync(until + '-' + threadId, '');
    while (until && !existsSync(until)) await new Promise((resolve) => setTimeout(resolve, 5));
    return threadId;
  };`;

describe('WorkerPool', () => {
  let directory: string;
  let version: FunctionVersion;
  let emptied = 0;
  const context = contextFor(memoryJournal());

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'worker-pool-'));
    const code = await storeCode(directory, zipOf({ 'index.mjs': source }));
    version = versionOf('1', { code });
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  const pool = (limits: { workers: number; idleMs: number }) => {
    const program = createRequire(import.meta.url).resolve('@bclaw/local/lambda-worker');
    return new WorkerPool({ context, codeDirectory: directory, program }, version, limits, () => {
      emptied += 1;
    });
  };
  const call = (event: object = {}) => ({
    requestId: crypto.randomUUID(),
    payload: JSON.stringify(event),
    invokedArn: 'arn',
  });

  it('uses one worker for calls that follow each other', async () => {
    const workers = pool({ workers: 4, idleMs: 10_000 });
    const first = await workers.run(call());
    const second = await workers.run(call());
    expect(second.payload).toBe(first.payload);
    await workers.stop();
  });

  it('starts more while calls wait, up to its limit, and lets the others queue', async () => {
    const workers = pool({ workers: 3, idleMs: 10_000 });
    const gate = join(directory, 'gate');
    const outcomes = Promise.all(Array.from({ length: 8 }, () => workers.run(call({ until: gate }))));
    const busy = () => readdirSync(directory).filter((name) => name.startsWith('gate-')).length;
    await eventually(async () => busy() === 3 || undefined, 'three workers to be busy');
    writeFileSync(gate, '');
    expect(new Set((await outcomes).map(({ payload }) => payload)).size).toBe(3);
    expect(busy()).toBe(3);
    await workers.stop();
  });

  it('has no worker left once it has been idle', async () => {
    const workers = pool({ workers: 2, idleMs: 1 });
    const before = emptied;
    await workers.run(call());
    await eventually(async () => emptied > before || undefined, 'the pool to be empty');
  });

  it('finishes what waits when it is retired, then is empty', async () => {
    const workers = pool({ workers: 1, idleMs: 10_000 });
    const before = emptied;
    const outcomes = [workers.run(call()), workers.run(call())];
    workers.retire();
    for (const outcome of await Promise.all(outcomes)) expect(outcome.failed).toBe(false);
    await eventually(async () => emptied > before || undefined, 'the pool to be empty');
  });

  it('leaves open how calls end that it is stopped in', async () => {
    const workers = pool({ workers: 1, idleMs: 10_000 });
    const never = { until: join(directory, 'never') };
    const outcomes = [workers.run(call(never)), workers.run(call(never))];
    const settled = Promise.allSettled(outcomes);
    await workers.stop();
    for (const outcome of await settled)
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'ServiceException' } });
  });
});
