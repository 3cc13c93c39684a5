import type { EngineContext } from '../../../kernel/service.js';
import type { Executor } from '../executor.js';
import type { Callbacks } from '../interpreter/integrations/callbacks.js';
import type { Clock } from '../interpreter/run/clock.js';
import type { MapRuns } from '../map-run/map-runs.js';
import type { Arns } from '../store/arns.js';
import type { Store } from '../store/store.js';

/** The dependencies of the operations. */
export interface Parts {
  readonly context: EngineContext;
  readonly store: Store;
  readonly arns: Arns;
  readonly executor: Executor;
  readonly mapRuns: MapRuns;
  readonly callbacks: Callbacks;
  readonly clock: Clock;
}
