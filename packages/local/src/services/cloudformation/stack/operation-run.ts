import { messageOf } from '../errors.js';
import { Forward, settled } from './forward.js';
import type { OperationRecord, ResourceRecord, StackOutput, StackRecord } from './model.js';
import { openTemplate } from './opened-template.js';
import { checkExports, outputsOf } from './outputs.js';
import { prepareWithMacros } from './prepare.js';
import { Progress } from './progress.js';
import { type Removal, removeAll } from './removal.js';
import { restoreAll } from './restore.js';
import { Interrupted, type World } from './world.js';

/**
 * Runs the operation on a stack from the phase in the journal to its end.
 *
 * @throws Interrupted when the engine stops; the journal records where to continue
 */
export async function runOperation(world: World, stackId: string): Promise<void> {
  for (;;) {
    const operation = world.store.operations.get(stackId);
    if (operation === undefined || operation.halted === true) return;
    if (world.stopping()) throw new Interrupted();
    await new OperationRun(world, operation).phase();
  }
}

class OperationRun {
  readonly #world: World;
  readonly #operation: OperationRecord;
  readonly #progress: Progress;

  constructor(world: World, operation: OperationRecord) {
    this.#world = world;
    this.#operation = operation;
    this.#progress = new Progress(world, operation);
  }

  /** Runs one phase, then records the next one in the journal. */
  async phase(): Promise<void> {
    switch (this.#operation.phase) {
      case 'prepare':
        return this.#prepare();
      case 'forward':
        return this.#forward();
      case 'cleanup':
        return this.#cleanup();
      case 'rollback':
        return this.#operation.kind === 'create' ? this.#rollbackCreate() : this.#rollbackUpdate();
      case 'rollback-cleanup':
        return this.#rollbackCleanup();
      case 'delete':
        return this.#delete();
    }
  }

  async #prepare(): Promise<void> {
    const { request } = this.#operation;
    try {
      if (request === undefined) throw new Error('The operation has no template.');
      const target = await prepareWithMacros(this.#world, request);
      openTemplate(this.#world, this.#stack(), target);
      this.#next({ phase: 'forward', target });
    } catch (error) {
      this.#fail(messageOf(error));
    }
  }

  async #forward(): Promise<void> {
    const { target, kind } = this.#operation;
    if (target === undefined) return this.#fail('The operation has no template.');
    let done: { readonly changes: Partial<StackRecord>; readonly outputs: StackOutput[] };
    try {
      const opened = openTemplate(this.#world, this.#stack(), target);
      const forward = new Forward(this.#progress, this.#operation, opened);
      const failure = await forward.run();
      if (failure !== undefined) return this.#fail(failure);
      const outputs = outputsOf(opened, forward.view);
      checkExports(this.#world.store, this.#stack(), outputs);
      done = { changes: settled(target, opened), outputs };
    } catch (error) {
      if (error instanceof Interrupted) throw error;
      return this.#fail(messageOf(error));
    }
    const changes = { ...done.changes, outputs: done.outputs, updatedAt: new Date().toISOString() };
    if (kind === 'create') {
      const { updatedAt: _, ...created } = changes;
      this.#finish('CREATE_COMPLETE', undefined, created);
    } else {
      this.#progress.stack('UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', undefined, changes);
      this.#next({ phase: 'cleanup' });
    }
  }

  /** Removes resources that are not in the new template, and those that were replaced. */
  async #cleanup(): Promise<void> {
    const { store } = this.#world;
    const stack = this.#stack();
    const { stackId } = this.#operation;
    const { deployment } = stack;
    const wanted = deployment === undefined ? {} : openTemplate(this.#world, stack, deployment).resources;
    const removals: Removal[] = this.#resources()
      .filter(({ logicalId }) => !Object.hasOwn(wanted, logicalId))
      .map((resource) => ({
        resource,
        keep: resource.deletionPolicy !== 'Delete',
        forget: () => store.deleteResource(stackId, resource.logicalId),
      }));
    for (const step of store.stepsOf(stackId))
      if (step.action === 'replace')
        removals.push({
          resource: step.before,
          keep: step.keepOld,
          forget: () => store.clearStep(stackId, step.logicalId),
        });
    const failed = await removeAll(this.#progress, removals);
    // As in CloudFormation, resources that cannot be removed are dropped from the stack: the update itself has
    // succeeded.
    for (const { resource, forget } of removals) if (failed.includes(resource.logicalId)) forget();
    this.#finish(
      'UPDATE_COMPLETE',
      failed.length === 0 ? undefined : 'Update successful. One or more resources could not be deleted.',
    );
  }

  /** Removes everything that a failed creation created. */
  async #rollbackCreate(): Promise<void> {
    const { stackId, retainExceptOnCreate } = this.#operation;
    const failed = await removeAll(
      this.#progress,
      this.#resources().map((resource) => ({
        resource,
        keep: resource.deletionPolicy === 'Retain' && !retainExceptOnCreate,
        forget: () => this.#world.store.deleteResource(stackId, resource.logicalId),
      })),
    );
    if (failed.length > 0) this.#finish('ROLLBACK_FAILED', notDeleted(failed));
    else this.#finish('ROLLBACK_COMPLETE');
  }

  async #rollbackUpdate(): Promise<void> {
    const failed = await restoreAll(this.#progress);
    if (failed.length > 0) {
      const reason = `The following resource(s) failed to update: [${failed.join(', ')}]. `;
      this.#progress.stack('UPDATE_ROLLBACK_FAILED', reason);
      this.#next({ halted: true });
      return;
    }
    this.#progress.stack('UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS');
    this.#next({ phase: 'rollback-cleanup' });
  }

  /** Removes everything that a failed update created. */
  async #rollbackCleanup(): Promise<void> {
    const { store } = this.#world;
    const { stackId, retainExceptOnCreate } = this.#operation;
    const stays = ({ deletionPolicy }: ResourceRecord) => deletionPolicy === 'Retain' && !retainExceptOnCreate;
    const removals: Removal[] = [];
    for (const step of store.stepsOf(stackId)) {
      const resource = step.action === 'discard' ? step.made : store.resource(stackId, step.logicalId);
      if (resource === undefined || (step.action !== 'discard' && step.action !== 'create')) continue;
      const forget = () => {
        if (step.action === 'create') store.deleteResource(stackId, step.logicalId);
        store.clearStep(stackId, step.logicalId);
      };
      removals.push({ resource, keep: step.action === 'discard' ? step.keep : stays(resource), forget });
    }
    const failed = await removeAll(this.#progress, removals);
    for (const { resource, forget } of removals) if (failed.includes(resource.logicalId)) forget();
    // A resource that failed before any action on it has a record, but no step.
    for (const { logicalId, physicalId } of this.#resources())
      if (physicalId === undefined) store.deleteResource(stackId, logicalId);
    this.#finish('UPDATE_ROLLBACK_COMPLETE', failed.length === 0 ? undefined : notDeleted(failed));
  }

  async #delete(): Promise<void> {
    const { stackId, retain } = this.#operation;
    const { store } = this.#world;
    const inUse = this.#exportInUse();
    if (inUse !== undefined) return this.#finish('DELETE_FAILED', inUse);
    // A failed rollback may have left both the old and the new resource of a replacement.
    const left = await removeAll(this.#progress, this.#doubles());
    const failed = await removeAll(
      this.#progress,
      this.#resources().map((resource) => ({
        resource,
        keep: resource.deletionPolicy !== 'Delete' || retain.includes(resource.logicalId),
        forget: () => store.deleteResource(stackId, resource.logicalId),
      })),
    );
    for (const resource of this.#resources())
      if (failed.includes(resource.logicalId)) store.setResource(stackId, { ...resource, status: 'DELETE_FAILED' });
    if (failed.length + left.length > 0) {
      this.#finish('DELETE_FAILED', notDeleted([...new Set([...left, ...failed])]));
      return;
    }
    for (const { id } of store.changeSetsOf(stackId)) store.changeSets.delete(id);
    this.#finish('DELETE_COMPLETE', undefined, { deletedAt: new Date().toISOString(), imports: [] });
  }

  #doubles(): Removal[] {
    const { stackId } = this.#operation;
    const { store } = this.#world;
    return store.stepsOf(stackId).flatMap((step) => {
      const forget = () => store.clearStep(stackId, step.logicalId);
      if (step.action === 'discard') return [{ resource: step.made, keep: step.keep, forget }];
      if (step.action === 'replace' && step.state === 'done')
        return [{ resource: step.before, keep: step.keepOld, forget }];
      return [];
    });
  }

  #exportInUse(): string | undefined {
    try {
      checkExports(this.#world.store, this.#stack(), []);
      return undefined;
    } catch (error) {
      return messageOf(error);
    }
  }

  /** Handles a failure: stops, deletes or rolls back the stack, depending on `onFailure`. */
  #fail(failure: string): void {
    const { kind, onFailure } = this.#operation;
    const reason = failure.trimEnd();
    if (onFailure === 'DO_NOTHING') {
      this.#finish(kind === 'create' ? 'CREATE_FAILED' : 'UPDATE_FAILED', reason);
      return;
    }
    const because = reason.endsWith('Rollback requested by user.') ? reason : `${reason} Rollback requested by user.`;
    if (kind === 'create' && onFailure === 'DELETE') {
      this.#progress.stack('DELETE_IN_PROGRESS', reason);
      this.#next({ phase: 'delete', failure: reason });
      return;
    }
    this.#progress.stack(
      kind === 'create' ? 'ROLLBACK_IN_PROGRESS' : 'UPDATE_ROLLBACK_IN_PROGRESS',
      kind === 'create' ? because : reason,
    );
    this.#next({ phase: 'rollback', failure: reason });
  }

  #next(changes: Partial<OperationRecord>): void {
    this.#world.store.operations.set(this.#operation.stackId, { ...this.#operation, ...changes });
  }

  /** Ends the operation, in a single journal entry. */
  #finish(status: StackRecord['status'], reason?: string, changes: Partial<StackRecord> = {}): void {
    const { store } = this.#world;
    const { stackId } = this.#operation;
    this.#progress.stack(status, reason, changes);
    for (const step of store.stepsOf(stackId)) store.clearStep(stackId, step.logicalId);
    store.operations.delete(stackId);
    const { changeSetId } = store.get(stackId);
    const changeSet = changeSetId === undefined ? undefined : store.changeSets.get(changeSetId);
    if (changeSet?.executionStatus === 'EXECUTE_IN_PROGRESS') {
      const succeeded = status === 'CREATE_COMPLETE' || status === 'UPDATE_COMPLETE';
      const executionStatus = succeeded ? 'EXECUTE_COMPLETE' : 'EXECUTE_FAILED';
      store.changeSets.set(changeSet.id, { ...changeSet, executionStatus });
    }
  }

  #stack(): StackRecord {
    return this.#world.store.get(this.#operation.stackId);
  }

  #resources(): ResourceRecord[] {
    return this.#world.store.resourcesOf(this.#operation.stackId);
  }
}

const notDeleted = (names: readonly string[]) => `The following resource(s) failed to delete: [${names.join(', ')}]. `;
