import type { CoreEnvironment } from '../core-environment.js';
import type { StepJob } from '../jobs/shared-jobs.js';
import type { State } from '../states-language.js';

/** The context in which states are compiled. */
export interface Scope {
  readonly core: CoreEnvironment;
  /**
   * Number of enclosing scatters: 0 is the main line. Branches pass more parameters to their jobs than the main line
   * does.
   */
  readonly depth: number;
  /** The job of a batch step. */
  readonly job: (stepName: string) => StepJob;
}

/** A state with its name, which is unique in the whole state machine. */
export type NamedState = readonly [name: string, state: State];
