import fc from 'fast-check';
import { firstFault, interleavings } from './commands.js';
import type { EngineProcess } from './engine-process.js';
import { Subject } from './subject.js';

export interface LaneOptions {
  /** Total number of interleavings. */
  readonly runs: number;
  /** Number of concurrent interleavings on one engine. */
  readonly lanes: number;
  readonly seed: number;
  /** `false` for a launcher without launch records: the model must detect the violation. */
  readonly launchRecords?: boolean;
  /** True when the engine is killed from time to time, for all lanes at once. */
  readonly kills?: boolean;
  readonly maxCommands?: number;
  /** Called after each interleaving with the number that passed so far. */
  readonly onHeld?: (count: number) => void;
}

/**
 * Number of consecutive interleavings on one workflow, each starting from the state of the previous one; then it is
 * destroyed.
 */
const perWorkflow = 5;

let workflows = 0;

/**
 * Runs interleavings on a real engine and checks the invariants after each.
 *
 * @throws with fast-check's counterexample at the first violation
 */
export async function runInterleavings(engine: EngineProcess, options: LaneOptions): Promise<void> {
  const { runs, lanes, seed, launchRecords = true, kills = false, maxCommands = 8, onHeld } = options;
  let held = 0;
  const lane = async (number: number) => {
    let subject: Subject | undefined;
    let begun = 0;
    const close = async (wasWell: boolean) => {
      const closed = subject;
      subject = undefined;
      await closed?.close({ wasWell });
    };
    const anew = async (fault: string | undefined): Promise<Subject> => {
      await close(true);
      workflows += 1;
      subject = new Subject(engine, `w${workflows}x`, { launchRecords });
      await subject.deploy({ fault });
      return subject;
    };
    const interleaving = fc.asyncProperty(
      firstFault,
      interleavings({ kills, maxCommands }),
      async (fault, commands) => {
        const real = subject === undefined || begun % perWorkflow === 0 ? await anew(fault) : subject;
        begun += 1;
        await fc.asyncModelRun(() => ({ model: {}, real }), commands);
        await real.settle();
        held += 1;
        onHeld?.(held);
      },
    );
    let wasWell = false;
    try {
      await fc.assert(interleaving, { numRuns: Math.ceil(runs / lanes), seed: seed + number, endOnFailure: true });
      wasWell = true;
    } finally {
      await close(wasWell);
    }
  };
  await Promise.all(Array.from({ length: lanes }, (_, number) => lane(number)));
}
