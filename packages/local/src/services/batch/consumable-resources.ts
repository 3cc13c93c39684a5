import type { Table } from '../../kernel/journal.js';
import type { EngineContext, Operations } from '../../kernel/service.js';
import { pageOf, sortedBy } from '../../wire/page.js';
import { batchArn, nameOf } from './arns.js';
import type { JobDefinitionRecord, JobRecord } from './model.js';
import {
  ConsumableResourceRequest,
  CreateConsumableResourceRequest,
  clientException,
  ListConsumableResourcesRequest,
  pageOptions,
  parseRequest,
  UpdateConsumableResourceRequest,
} from './requests.js';
import { checkName } from './resource-name.js';
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
export class ConsumableResources implements Stock {
  readonly #context: EngineContext;
  readonly #records: Table<ConsumableResourceRecord>;
  /** By resource: what running jobs hold. */
  readonly #held = new Map<string, number>();
  /** Called when there may be more than before. */
  readonly #onMore: () => void;

  constructor(context: EngineContext, onMore: () => void) {
    this.#context = context;
    this.#records = context.journal.table('batch.consumable-resources');
    this.#onMore = onMore;
  }

  readonly operations: Operations = {
    CreateConsumableResource: (input: unknown) => this.#create(input),
    UpdateConsumableResource: (input: unknown) => this.#update(input),
    DescribeConsumableResource: (input: unknown) => this.#describe(input),
    ListConsumableResources: (input: unknown) => this.#list(input),
    DeleteConsumableResource: (input: unknown) => this.#delete(input),
  };

  find(arn: string): ConsumableResourceRecord | undefined {
    return this.#records.get(arn);
  }

  replace(record: ConsumableResourceRecord): void {
    this.#records.set(record.consumableResourceArn, record);
  }

  /** What a job needs, by the submission or else by its definition. */
  needsOf(definition: JobDefinitionRecord, job: Pick<JobRecord, 'consumableResourceProperties'>): Requirement[] {
    const { consumableResourceList = [] } =
      job.consumableResourceProperties ?? definition.consumableResourceProperties ?? {};
    return consumableResourceList.map(({ consumableResource, quantity }) => ({
      resource: this.#arn(consumableResource),
      quantity,
    }));
  }

  /** @throws AwsError `ClientException` when one of them does not exist: the job would wait for ever */
  requireAll(needs: readonly Requirement[]): void {
    for (const { resource } of needs) this.#get(resource);
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
    return record === undefined ? 0 : record.totalQuantity - this.#inUse(record);
  }

  #inUse({ consumableResourceArn, consumed }: ConsumableResourceRecord): number {
    return consumed + (this.#held.get(consumableResourceArn) ?? 0);
  }

  #arn(nameOrArn: string): string {
    return batchArn(this.#context, 'consumable-resource', nameOf(nameOrArn));
  }

  #get(nameOrArn: string): ConsumableResourceRecord {
    const record = this.find(this.#arn(nameOrArn));
    if (record === undefined)
      throw clientException(
        `Consumable resource ${nameOf(nameOrArn)} does not exist. Create it with \`aws batch create-consumable-resource --consumable-resource-name ${nameOf(nameOrArn)} --total-quantity <n>\`.`,
      );
    return record;
  }

  #create(input: unknown): Readonly<Record<string, unknown>> {
    const request = parseRequest(CreateConsumableResourceRequest, input);
    const { consumableResourceName } = request;
    checkName(consumableResourceName);
    const consumableResourceArn = this.#arn(consumableResourceName);
    if (this.#records.has(consumableResourceArn)) throw clientException('Object already exists');
    this.replace({
      consumableResourceName,
      consumableResourceArn,
      resourceType: request.resourceType ?? 'REPLENISHABLE',
      totalQuantity: request.totalQuantity ?? 0,
      consumed: 0,
      createdAt: Date.now(),
      tags: request.tags ?? {},
    });
    this.#onMore();
    return { consumableResourceName, consumableResourceArn };
  }

  #update(input: unknown): Readonly<Record<string, unknown>> {
    const { consumableResource, operation, quantity = 0 } = parseRequest(UpdateConsumableResourceRequest, input);
    const record = this.#get(consumableResource);
    const total = changed(record.totalQuantity, operation ?? 'SET', quantity);
    if (total < 0)
      throw clientException(`There are only ${record.totalQuantity} of ${record.consumableResourceName} to remove.`);
    this.replace({ ...record, totalQuantity: total });
    this.#onMore();
    const { consumableResourceName, consumableResourceArn } = record;
    return { consumableResourceName, consumableResourceArn, totalQuantity: total };
  }

  #describe(input: unknown): Readonly<Record<string, unknown>> {
    const record = this.#get(parseRequest(ConsumableResourceRequest, input).consumableResource);
    const { consumed: _consumed, ...described } = record;
    const inUseQuantity = this.#inUse(record);
    return { ...described, inUseQuantity, availableQuantity: Math.max(0, record.totalQuantity - inUseQuantity) };
  }

  #list(input: unknown): Readonly<Record<string, unknown>> {
    const request = parseRequest(ListConsumableResourcesRequest, input);
    const { items, nextToken } = pageOf(sortedBy(this.#records.values(), byArn), byArn, pageOptions(request));
    const consumableResources = items.map((record) => ({
      consumableResourceArn: record.consumableResourceArn,
      consumableResourceName: record.consumableResourceName,
      totalQuantity: record.totalQuantity,
      inUseQuantity: this.#inUse(record),
      resourceType: record.resourceType,
    }));
    return { consumableResources, ...(nextToken === undefined ? {} : { nextToken }) };
  }

  #delete(input: unknown): Readonly<Record<string, never>> {
    const { consumableResource } = parseRequest(ConsumableResourceRequest, input);
    this.#records.delete(this.#get(consumableResource).consumableResourceArn);
    return {};
  }
}

const byArn = (record: ConsumableResourceRecord) => record.consumableResourceArn;

function changed(total: number, operation: 'SET' | 'ADD' | 'REMOVE', quantity: number): number {
  switch (operation) {
    case 'SET':
      return quantity;
    case 'ADD':
      return total + quantity;
    case 'REMOVE':
      return total - quantity;
  }
}
