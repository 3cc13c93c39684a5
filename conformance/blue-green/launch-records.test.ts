import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EngineProcess } from '../../packages/ops/test/model/engine-process.js';
import { runInterleavings } from '../../packages/ops/test/model/lanes.js';

let engine: EngineProcess;
beforeAll(async () => {
  engine = await EngineProcess.start();
});
afterAll(() => engine?.close());

describe('a launcher without launch records', () => {
  it('starts a job twice, and the model finds it', { timeout: 300_000 }, async () => {
    // Without them a job can also get lost, when its version is deleted: the first violation ends a run.
    const twice = /has [2-9] executions/;
    const found: unknown[] = [];
    for (let seed = 1; seed <= 5 && !twice.test(String(found.at(-1))); seed += 1)
      found.push(
        await runInterleavings(engine, { runs: 200, lanes: 4, seed, launchRecords: false }).then(
          () => 'nothing',
          (error: unknown) => (error instanceof Error ? error.cause : error),
        ),
      );
    expect(found.map(String)).toContainEqual(expect.stringMatching(twice));
  });
});
