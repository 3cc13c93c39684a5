import { randomUUID } from 'node:crypto';
import type { EngineContext, Service } from '../../kernel/service.js';
import { operationTable } from '../../operation.js';
import { statesAccess } from './access.js';
import { Archive } from './archive/archive.js';
import { Executor } from './executor.js';
import type { Randomness } from './interpreter/data/randomness.js';
import { Callbacks } from './interpreter/integrations/callbacks.js';
import { ExecutionIntegration } from './interpreter/integrations/executions.js';
import { ServiceTasks } from './interpreter/integrations/task-caller.js';
import { type Clock, systemClock } from './interpreter/run/clock.js';
import { MapRuns } from './map-run/map-runs.js';
import { callbackOperations } from './operations/callbacks.js';
import { executionOperations } from './operations/executions.js';
import { mapRunOperations } from './operations/map-runs.js';
import { retentionOperations } from './operations/retention.js';
import { removeWhenIdle, stateMachineOperations } from './operations/state-machines.js';
import { tagOperations } from './operations/tags.js';
import { versionOperations } from './operations/versions.js';
import type { Parts } from './request/parts.js';
import { Retention } from './retention.js';
import { Arns } from './store/arns.js';
import { Store } from './store/store.js';
import { Suspects } from './suspects.js';

/** The clock and source of randomness; tests replace them to be deterministic. */
export interface StatesOptions {
  readonly clock?: Clock;
  readonly randomness?: Randomness;
  /** Ended executions that stay in memory. Default: 1,000. */
  readonly endedInMemory?: number;
}

const systemRandomness: Randomness = { random: Math.random, uuid: randomUUID };

/**
 * Step Functions: state machines in the Amazon States Language, their executions, histories and map runs.
 *
 * Everything that happens to an execution is appended to the journal as the events of its history, in AWS's own types.
 * After a restart, each execution continues from the point that its history records. For a Batch job that was already
 * submitted, the execution waits again; the job is never submitted twice.
 *
 * @example
 * ```ts
 * const states = createStatesService(context);
 * await states.operations.get('CreateStateMachine')?.run({ name: 'wf--1', definition, roleArn }, request);
 * ```
 */
export function createStatesService(context: EngineContext): Service {
  return createStatesServiceWith(context, {});
}

/** Like {@link createStatesService}, with a given clock and source of randomness. */
export function createStatesServiceWith(context: EngineContext, options: StatesOptions): Service {
  const { clock = systemClock, randomness = systemRandomness } = options;
  const store = new Store(context.journal, new Archive(context), options.endedInMemory);
  const arns = new Arns(context);
  const suspects = new Suspects(context.directory, context.journal);
  const retention = new Retention(store, clock, context.log);
  const executor = new Executor(context, store, arns, suspects);
  const callbacks = new Callbacks();
  const ended = async (arn: string) => {
    const named = arns.parse(arn);
    const record = named?.kind === 'execution' ? store.executionNamed(named.machine, named.name) : undefined;
    return record === undefined ? undefined : executor.ended(record);
  };
  const tasks = new ServiceTasks(context, new ExecutionIntegration(context, ended), callbacks);
  const mapRuns = new MapRuns(context, store, arns, executor, clock);
  executor.use({ engine: context, clock, randomness, tasks, mapRuns, suspects });
  executor.onEnd = (record) => {
    removeWhenIdle({ store }, record.machine);
    retention.check();
  };
  const parts: Parts = { context, store, arns, executor, mapRuns, callbacks, clock };
  return {
    name: 'states',
    operations: operationTable(
      stateMachineOperations(parts),
      versionOperations(parts),
      executionOperations(parts),
      retentionOperations(parts),
      mapRunOperations(parts),
      tagOperations(parts),
      callbackOperations(parts),
    ),
    access: statesAccess(parts),
    json: { version: '1.0' },
    start: async () => {
      for (const machine of [...store.machines.values()]) removeWhenIdle({ store }, machine.name);
      await suspects.start();
      executor.continueAll();
      retention.start();
    },
    stop: () => {
      retention.stop();
      executor.shutdown();
      tasks.stop();
      suspects.stop();
    },
  };
}
