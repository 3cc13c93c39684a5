import { randomUUID } from 'node:crypto';
import { messageOf, validationError } from '../errors.js';
import type { OperationRecord, StackRecord, StackStatus } from './model.js';
import { runOperation } from './operation-run.js';
import { Progress } from './progress.js';
import { Interrupted, type World } from './world.js';

/** What an operation begins with, beside what all have. */
export type NewOperation = Pick<OperationRecord, 'kind' | 'phase' | 'stackId'> &
  Partial<Omit<OperationRecord, 'kind' | 'phase' | 'stackId' | 'token'>>;

/** The operations that are under way, one at most for each stack. */
export class Operations {
  readonly #world: World;
  readonly #running = new Map<string, Promise<void>>();

  constructor(world: World) {
    this.#world = world;
  }

  /** Begins an operation: it is in the journal before this returns, and goes on by itself. */
  begin(
    operation: NewOperation,
    status: StackStatus,
    changes: Partial<StackRecord> = {},
    reason = 'User Initiated',
  ): void {
    const record: OperationRecord = {
      onFailure: 'ROLLBACK',
      retainExceptOnCreate: false,
      retain: [],
      ...operation,
      token: randomUUID(),
    };
    const { store } = this.#world;
    for (const changeSet of store.changeSetsOf(record.stackId))
      if (changeSet.executionStatus === 'AVAILABLE')
        store.changeSets.set(changeSet.id, { ...changeSet, executionStatus: 'OBSOLETE' });
    store.operations.set(record.stackId, record);
    new Progress(this.#world, record).stack(status, reason, changes);
    this.#run(record.stackId);
  }

  /**
   * Goes on with a rollback that had failed.
   *
   * @param skip - logical ids that are left as they are
   */
  continueRollback(stackId: string, skip: readonly string[]): void {
    const { store } = this.#world;
    const operation = store.operations.get(stackId);
    if (operation === undefined) throw validationError(`Stack:${stackId} has no rollback that could be continued.`);
    for (const logicalId of skip) store.clearStep(stackId, logicalId);
    const { halted: _, ...resumed } = operation;
    store.operations.set(stackId, resumed);
    new Progress(this.#world, resumed).stack('UPDATE_ROLLBACK_IN_PROGRESS', 'User Initiated');
    this.#run(stackId);
  }

  /** Goes on with what the journal says was under way. */
  resume(): void {
    for (const [stackId, { halted }] of this.#world.store.operations.entries()) if (halted !== true) this.#run(stackId);
  }

  /** Waits for what handlers are doing just now; the rest is for the next start. */
  async settle(): Promise<void> {
    await Promise.all(this.#running.values());
  }

  #run(stackId: string): void {
    const { context } = this.#world;
    const before = this.#running.get(stackId) ?? Promise.resolve();
    const run = before
      .then(() => runOperation(this.#world, stackId))
      .catch((error: unknown) => {
        if (!(error instanceof Interrupted))
          context.log.error('A stack operation broke off.', { stackId, error: messageOf(error) });
      })
      .finally(() => {
        if (this.#running.get(stackId) === run) this.#running.delete(stackId);
      });
    this.#running.set(stackId, run);
  }
}
