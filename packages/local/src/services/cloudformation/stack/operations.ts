import { randomUUID } from 'node:crypto';
import { messageOf, validationError } from '../errors.js';
import type { OperationRecord, StackRecord, StackStatus } from './model.js';
import { runOperation } from './operation-run.js';
import { Progress } from './progress.js';
import { Interrupted, type World } from './world.js';

/** The input for a new operation, in addition to the common members. */
export type NewOperation = Pick<OperationRecord, 'kind' | 'phase' | 'stackId'> &
  Partial<Omit<OperationRecord, 'kind' | 'phase' | 'stackId' | 'token'>>;

/** The operations in progress, at most one for each stack. */
export class Operations {
  readonly #world: World;
  readonly #running = new Map<string, Promise<void>>();

  constructor(world: World) {
    this.#world = world;
  }

  /** Starts an operation: it is in the journal before this returns, and continues in the background. */
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
   * Continues a rollback that failed.
   *
   * @param skip - logical ids of the resources to skip
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

  /** Resumes the operations in the journal. */
  resume(): void {
    for (const [stackId, { halted }] of this.#world.store.operations.entries()) if (halted !== true) this.#run(stackId);
  }

  /** Waits for the handlers that are currently running; everything else resumes at the next start. */
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
