import { messageOf, validationError } from '../errors.js';
import { planDeployment } from './changes.js';
import type { ChangeSetRecord } from './model.js';
import { hasMacros, prepareDirectly, prepareWithMacros } from './prepare.js';
import type { World } from './world.js';

/** Computes change sets in the background. */
export class ChangeSetWork {
  readonly #world: World;
  readonly #running = new Set<Promise<void>>();

  constructor(world: World) {
    this.#world = world;
  }

  begin(changeSetId: string): void {
    const work = this.#workOut(changeSetId).finally(() => this.#running.delete(work));
    this.#running.add(work);
  }

  /** Restarts the change sets that the journal lists as unfinished; they have not changed anything yet. */
  resume(): void {
    for (const { id, status } of this.#world.store.changeSets.values())
      if (status === 'CREATE_PENDING' || status === 'CREATE_IN_PROGRESS') this.begin(id);
  }

  async settle(): Promise<void> {
    await Promise.all(this.#running);
  }

  async #workOut(id: string): Promise<void> {
    const { store } = this.#world;
    // The response to CreateChangeSet comes first, so clients see a pending change set.
    await Promise.resolve();
    const changeSet = store.changeSets.get(id);
    if (changeSet === undefined) return;
    this.#finish(id, { status: 'CREATE_IN_PROGRESS' });
    try {
      const { request } = changeSet;
      const deployment = hasMacros(request.templateBody)
        ? await prepareWithMacros(this.#world, request)
        : prepareDirectly(request);
      const { changes, isWorthwhile } = planDeployment(this.#world, store.get(changeSet.stackId), deployment);
      if (!isWorthwhile) throw validationError(nothingToChange);
      this.#finish(id, { status: 'CREATE_COMPLETE', executionStatus: 'AVAILABLE', deployment, changes });
    } catch (error) {
      if (this.#world.stopping()) return;
      this.#finish(id, { status: 'FAILED', executionStatus: 'UNAVAILABLE', statusReason: messageOf(error) });
    }
  }

  /** Updates the change set, unless it has been deleted in the meantime. */
  #finish(id: string, changes: Partial<ChangeSetRecord>): void {
    const changeSet = this.#world.store.changeSets.get(id);
    if (changeSet !== undefined) this.#world.store.changeSets.set(id, { ...changeSet, ...changes });
  }
}

/** `aws cloudformation deploy` recognizes by this message that there are no changes. */
const nothingToChange =
  "The submitted information didn't contain changes. Submit different information to create a change set.";
