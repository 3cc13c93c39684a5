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
  /** Quantity that jobs have used up; only for a resource that is not replenishable. */
  readonly consumed: number;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * Consumable resources (AWS Batch, "Resource-aware scheduling"): licences, connections and other limited resources. A
 * job starts when everything that it needs is available; a replenishable resource is returned when the job ends.
 */
export class ConsumableResources extends Records<ConsumableResourceRecord> implements Stock {
  /** Quantity held by running jobs, by resource. */
  readonly #held = new Map<string, number>();

  constructor(context: EngineContext) {
    super(context, {
      resource: 'consumable-resource',
      table: 'batch/consumable-resources',
      arnOf: (record) => record.consumableResourceArn,
      missing: (name) =>
        `Consumable resource ${nameOf(name)} does not exist. Create it with \`aws batch create-consumable-resource --consumable-resource-name ${nameOf(name)} --total-quantity <n>\`.`,
    });
  }

  /** The requirements of a job: those of the submission, or else of its definition. */
  needsOf(definition: JobDefinitionRecord, job: Pick<JobRecord, 'consumableResourceProperties'>): Requirement[] {
    const { consumableResourceList = [] } =
      job.consumableResourceProperties ?? definition.consumableResourceProperties ?? {};
    return consumableResourceList.map(({ consumableResource, quantity }) => ({
      resource: this.arn(consumableResource),
      quantity,
    }));
  }

  /** @throws AwsError `ClientException` when one of them does not exist: the job would wait forever */
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
