import { describe, expect, it } from 'vitest';
import { EngineProcess } from '../../packages/ops/test/model/engine-process.js';
import { runInterleavings } from '../../packages/ops/test/model/lanes.js';

/** Another seed, or another number of runs: `npm run test:soak` runs 2,000. */
const seed = Number(process.env['BCLAW_MODEL_SEED'] ?? 20261124);
const runs = Number(process.env['BCLAW_MODEL_RUNS'] ?? 200);

/** Each on its own engine, because a killed engine reads all of its state when it restarts. */
const parts = Math.ceil(runs / 500);

describe(`${runs} interleavings of deployments, jobs, rollbacks, clean-ups, crashes and engines that are killed`, () => {
  it.each(Array.from({ length: parts }, (_, part) => part + 1))(
    'keep every invariant (part %i)',
    { timeout: 1_800_000 },
    async (part) => {
      const engine = await EngineProcess.start();
      const began = Date.now();
      const inPart = Math.ceil(runs / parts);
      // A few interleavings may contain no kill, so there is always at least one.
      const kill = setTimeout(() => void engine.kill(), 5_000);
      const tell = (held: number) =>
        console.log(
          `${held} interleavings, ${engine.kills} kills of the engine (back within ${engine.longestRestartMs} ms), ${Math.round((Date.now() - began) / 1000)} s`,
        );
      try {
        await runInterleavings(engine, {
          runs: inPart,
          lanes: 16,
          seed: seed + 100 * part,
          kills: true,
          onHeld: (held) => (held % 250 === 0 || held === inPart ? tell(held) : undefined),
        });
        expect(engine.kills).toBeGreaterThanOrEqual(Math.max(1, Math.floor(inPart / 250)));
      } finally {
        clearTimeout(kill);
        await engine.close();
      }
    },
  );
});
