import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EngineProcess } from '../../packages/ops/test/model/engine-process.js';
import { runInterleavings } from '../../packages/ops/test/model/lanes.js';

/** Another seed, or a number of runs for a longer night: BCLAW_MODEL_SEED, BCLAW_MODEL_RUNS. */
const seed = Number(process.env['BCLAW_MODEL_SEED'] ?? 20261124);
const runs = Number(process.env['BCLAW_MODEL_RUNS'] ?? 2_000);

describe('2,000 interleavings of deployments, jobs, rollbacks, clean-ups, crashes and engines that are killed', () => {
  let engine: EngineProcess;
  beforeAll(async () => {
    engine = await EngineProcess.start();
  });
  afterAll(() => engine?.close());

  it('keep every invariant', { timeout: 3_600_000 }, async () => {
    const began = Date.now();
    const tell = (held: number) =>
      console.log(
        `${held} interleavings, ${engine.kills} kills of the engine (back within ${engine.longestRestartMs} ms), ${Math.round((Date.now() - began) / 1000)} s`,
      );
    await runInterleavings(engine, {
      runs,
      lanes: 16,
      seed,
      kills: true,
      onHeld: (held) => (held % 200 === 0 || held === runs ? tell(held) : undefined),
    });
    expect(engine.kills).toBeGreaterThanOrEqual(Math.floor(runs / 100));
  });
});
