import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Engine, startEngine } from '@bclaw/local';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Clients,
  createClients,
  destroyClients,
  install,
  listExecutions,
  listVersions,
  promote,
  prune,
  readHistory,
  rollback,
} from '../../packages/ops/src/index.js';
import { CallCounter } from '../../packages/ops/test/call-counter.js';
import { installOptions } from '../../packages/ops/test/engine.js';
import { deployVersions, fillAccount } from '../../packages/ops/test/old-account.js';

/** In `npm run test:soak`; a fifth of it, without the comparison of times, in the conformance suite. */
const whole = process.env['BCLAW_OLD_ACCOUNT'] !== undefined;
const versions = whole ? 200 : 40;
const foreignMachines = whole ? 3_000 : 600;
const foreignDefinitions = whole ? 10_000 : 2_000;
const rounds = whole ? 15 : 3;
/** Workflows, and the number of their versions. */
const newest = { young: 2, old: versions };

describe(`a workflow with ${versions} versions in an account with ${foreignMachines} other state machines`, () => {
  let folder: string;
  let engine: Engine;
  let clients: Clients;
  const connect = (): Clients =>
    createClients({
      endpoint: engine.url,
      region: engine.region,
      credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
    });

  let counter: CallCounter;
  const callsOf = async (operation: () => Promise<unknown>) => (await counter.during(operation)).length;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bclaw-old-workflow-'));
    // Without rates first: AWS refills CreateStateMachine at one a second, and these have come together over years.
    engine = await startEngine({ directory: folder, openRoles: ['any'] });
    clients = connect();
    await install(clients, installOptions);
    for (const [workflow, count] of Object.entries(newest)) {
      await deployVersions(clients, workflow, count);
      await promote(clients, { workflow, to: count - 1 });
    }
    await fillAccount(clients, { machines: foreignMachines, definitions: foreignDefinitions });
    destroyClients(clients);
    await engine.close();
    engine = await startEngine({ directory: folder, rates: 'aws', openRoles: ['any'] });
    clients = connect();
    counter = new CallCounter(clients);
  }, 900_000);
  afterAll(async () => {
    destroyClients(clients);
    await engine?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('is rolled back with as many calls, and in at most 1.2 times the time, as one with 2 versions', async () => {
    const times = { young: [] as number[], old: [] as number[] };
    const calls = { young: new Set<number>(), old: new Set<number>() };
    for (let round = 0; round < rounds; round++) {
      for (const workflow of ['young', 'old'] as const) {
        await promote(clients, { workflow, to: newest[workflow] });
        // Lambda's control plane takes 15 calls a second.
        await new Promise((resolve) => setTimeout(resolve, 400));
        calls[workflow].add(
          await callsOf(async () => {
            const began = performance.now();
            await rollback(counter.clients, { workflow });
            times[workflow].push(performance.now() - began);
          }),
        );
      }
    }
    const median = (all: readonly number[]) => all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0;
    console.log(
      `rollback: ${median(times.young).toFixed(1)} ms with 2 versions, ${median(times.old).toFixed(1)} ms here`,
    );
    expect(calls).toEqual({ young: new Set([8]), old: new Set([8]) });
    if (whole) expect(median(times.old)).toBeLessThanOrEqual(1.2 * median(times.young));
  }, 120_000);

  it('can be listed, and its old versions pruned, within the rates of AWS', async () => {
    const workflow = 'old';
    expect(await callsOf(() => listVersions(counter.clients, { workflow, newest: 20 }))).toBeLessThan(80);
    expect(await callsOf(() => listExecutions(counter.clients, { workflow, newest: 20 }))).toBeLessThan(30);
    expect(await callsOf(() => readHistory(counter.clients, { workflow }))).toBeLessThan(15);
    const dryRun = await callsOf(() => prune(counter.clients, { workflow, keep: versions - 30, dryRun: true }));
    console.log(`prune --keep ${versions - 30} --dry-run: ${dryRun} calls`);
    const { pruned } = await prune(clients, { workflow, keep: versions - 10 });
    expect(pruned.map(({ version }) => version)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  }, 300_000);
});
