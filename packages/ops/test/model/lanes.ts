import fc from 'fast-check';
import { firstFault, interleavings } from './commands.js';
import type { EngineProcess } from './engine-process.js';
import { Subject } from './subject.js';

export interface LaneOptions {
  /** How many interleavings in all. */
  readonly runs: number;
  /** So many at a time, on one engine. */
  readonly lanes: number;
  readonly seed: number;
  /** `false` for a launcher without launch records: the model must find out. */
  readonly launchRecords?: boolean;
  /** Whether the engine is killed now and then, under all lanes at once. */
  readonly kills?: boolean;
  readonly maxCommands?: number;
}

let workflows = 0;

/**
 * Runs interleavings on a real engine and checks the invariants after each.
 *
 * @throws with fast-check's counterexample at the first violation
 */
export async function runInterleavings(engine: EngineProcess, options: LaneOptions): Promise<void> {
  const { runs, lanes, seed, launchRecords = true, kills = false, maxCommands = 10 } = options;
  const lane = (number: number) =>
    fc.assert(
      fc.asyncProperty(firstFault, interleavings({ kills, maxCommands }), async (fault, commands) => {
        workflows += 1;
        const subject = new Subject(engine, `w${workflows}x`, { launchRecords });
        let wasWell = false;
        try {
          await subject.deploy({ fault });
          await fc.asyncModelRun(() => ({ model: {}, real: subject }), commands);
          await subject.settle();
          wasWell = true;
        } finally {
          await subject.close({ wasWell });
        }
      }),
      { numRuns: Math.ceil(runs / lanes), seed: seed + number, endOnFailure: true },
    );
  await Promise.all(Array.from({ length: lanes }, (_, number) => lane(number)));
}
