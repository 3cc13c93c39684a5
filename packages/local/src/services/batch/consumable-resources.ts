import type { EngineContext } from '../../kernel/service.js';
import { nameOf } from './arns.js';
import type { JobDefinitionRecord, JobRecord } from './model.js';
import { Records } from './records.js';
import type { Requirement, Stock } from './scheduler.js';

interface ConsumableResourceRecord {
  readonly consumableResourceName: string;
  readonly consumableResourceArn: string;
  readonly resourceType: 'REPLENISHABLE' | 'NON_REPLENISHABLE';
  readonly totalQuantity: number;
  /** What jobs have used up for good; only of a resource that does not come back. */
  readonly consumed: number;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * Consumable resources (AWS Batch, "Resource-aware scheduling"): licences, connections and whatever else there is not
 * enough of. A job starts when all that it needs is available; what comes back does so when the job ends.
 */
export class ConsumableResources extends Records<ConsumableResourceRecord> implements Stock {
  /** By resource: what running jobs hold. */
  readonly #held = new Map<string, number>();

  constructor(context: EngineContext) {
    super(context, {
      resource: 'consumable-resource',
      table: 'batch.consumable-resources',
      arnOf: (record) => record.consumableResourceArn,
      missing: (name) =>
        `Consumable resource ${nameOf(name)} does not exist. Create it with \`aws batch create-consumable-resource --consumable-resource-name ${nameOf(name)} --total-quantity <n>\`.`,
    });
  }

  /** What a job needs, by the submission or else by its definition. */
  needsOf(definition: JobDefinitionRecord, job: Pick<JobRecord, 'consumableResourceProperties'>): Requirement[] {
    const { consumableResourceList = [] } =
      job.consumableResourceProperties ?? definition.consumableResourceProperties ?? {};
    return consumableResourceList.map(({ consumableResource, quantity }) => ({
      resource: this.arn(consumableResource),
      quantity,
    }));
  }

  /** @throws AwsError `ClientException` when one of them does not exist: the job would wait for ever */
  requireAll(needs: readonly Requirement[]): void {
    for (const { resource } of needs) this.get(resource);
  }

  has(needs: readonly Requirement[]): boolean {
    return needs.every(({ resource, quantity }) => this.#available(resource) >= quantity);
  }

  take(needs: readonly Requirement[]): void {
    for (const { resource, quantity } of needs) {
      const record = this.find(resource);
      if (record?.resourceType === 'NON_REPLENISHABLE')
        this.replace({ ...record, consumed: record.consumed + quantity });
      else this.#held.set(resource, (this.#held.get(resource) ?? 0) + quantity);
    }
  }

  giveBack(needs: readonly Requirement[]): void {
    for (const { resource, quantity } of needs) {
      const held = this.#held.get(resource);
      if (held !== undefined) this.#held.set(resource, Math.max(0, held - quantity));
    }
  }

  #available(arn: string): number {
    const record = this.find(arn);
    return record === undefined ? 0 : record.totalQuantity - this.inUse(record);
  }

  inUse({ consumableResourceArn, consumed }: ConsumableResourceRecord): number {
    return consumed + (this.#held.get(consumableResourceArn) ?? 0);
  }
}
