import { present } from '../../../kernel/present.js';
import type { OperationRecord, ResourceRecord, ResourceStatus, StackRecord, StackStatus } from './model.js';
import { stackType } from './store.js';
import type { World } from './world.js';

/** Records the progress of an operation: in the records, and in the events that clients poll. */
export class Progress {
  readonly world: World;
  readonly stackId: string;
  readonly stackName: string;
  readonly #token: string | undefined;

  constructor(world: World, operation: Pick<OperationRecord, 'clientRequestToken' | 'stackId'>) {
    this.world = world;
    this.stackId = operation.stackId;
    this.stackName = world.store.get(operation.stackId).name;
    this.#token = operation.clientRequestToken;
  }

  /** Sets the status of the stack. */
  stack(status: StackStatus, reason?: string, changes: Partial<StackRecord> = {}): void {
    const { store } = this.world;
    store.update(this.stackId, { ...changes, status, ...present({ statusReason: reason }) });
    store.addEvent(this.stackId, {
      logicalId: this.stackName,
      physicalId: this.stackId,
      type: stackType,
      status,
      ...present({ reason }),
      ...this.#request(),
    });
  }

  /** Records an event of a resource; its record contains the details. */
  resource(
    resource: Pick<ResourceRecord, 'logicalId' | 'physicalId' | 'properties' | 'type'>,
    status: ResourceStatus,
    reason?: string,
  ): void {
    this.world.store.addEvent(this.stackId, {
      logicalId: resource.logicalId,
      physicalId: resource.physicalId ?? '',
      type: resource.type,
      status,
      ...present({ reason }),
      properties: JSON.stringify(resource.properties),
      ...this.#request(),
    });
  }

  #request(): { clientRequestToken?: string } {
    return this.#token === undefined ? {} : { clientRequestToken: this.#token };
  }
}
