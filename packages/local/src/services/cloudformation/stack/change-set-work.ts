import { messageOf, validationError } from '../errors.js';
import { planDeployment } from './changes.js';
import type { ChangeSetRecord } from './model.js';
import { hasMacros, prepareDirectly, prepareWithMacros } from './prepare.js';
import type { World } from './world.js';

/** Works out change sets, in the background. */
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

  /** Begins again with what the journal says was being worked out: nothing was changed by that yet. */
  resume(): void {
    for (const { id, status } of this.#world.store.changeSets.values())
      if (status === 'CREATE_PENDING' || status === 'CREATE_IN_PROGRESS') this.begin(id);
  }

  async settle(): Promise<void> {
    await Promise.all(this.#running);
  }

  async #workOut(id: string): Promise<void> {
    const { store } = this.#world;
    // The answer to CreateChangeSet comes first: clients see a change set that is pending.
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

  /** It may have been deleted meanwhile. */
  #finish(id: string, changes: Partial<ChangeSetRecord>): void {
    const changeSet = this.#world.store.changeSets.get(id);
    if (changeSet !== undefined) this.#world.store.changeSets.set(id, { ...changeSet, ...changes });
  }
}

/** `aws cloudformation deploy` tells by these words that there is nothing to do. */
const nothingToChange =
  "The submitted information didn't contain changes. Submit different information to create a change set.";
