import type { Table } from '../../kernel/journal.js';
import type { EngineContext, Operations } from '../../kernel/service.js';
import { pageOf, sortedBy } from '../../wire/page.js';
import { batchArn } from './arns.js';
import {
  CreateSchedulingPolicyRequest,
  clientException,
  DescribeSchedulingPoliciesRequest,
  ListSchedulingPoliciesRequest,
  pageOptions,
  parseRequest,
  SchedulingPolicyRequest,
  UpdateSchedulingPolicyRequest,
} from './requests.js';
import { checkName } from './resource-name.js';

export interface SchedulingPolicyRecord {
  readonly name: string;
  readonly arn: string;
  readonly fairsharePolicy?: {
    readonly computeReservation?: number;
    readonly shareDecaySeconds?: number;
    readonly shareDistribution?: readonly { readonly shareIdentifier: string; readonly weightFactor?: number }[];
  };
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * Fair-share policies. Weights count; what a share used in the past does not (`shareDecaySeconds` is recorded only), for
 * on one machine the present use already evens it out.
 */
export class SchedulingPolicies {
  readonly #context: EngineContext;
  readonly #records: Table<SchedulingPolicyRecord>;
  readonly #isUsed: (arn: string) => boolean;

  constructor(context: EngineContext, isUsed: (arn: string) => boolean) {
    this.#context = context;
    this.#records = context.journal.table('batch.scheduling-policies');
    this.#isUsed = isUsed;
  }

  readonly operations: Operations = {
    CreateSchedulingPolicy: (input: unknown) => this.#create(input),
    UpdateSchedulingPolicy: (input: unknown) => this.#update(input),
    DescribeSchedulingPolicies: (input: unknown) => this.#describe(input),
    ListSchedulingPolicies: (input: unknown) => this.#list(input),
    DeleteSchedulingPolicy: (input: unknown) => this.#delete(input),
  };

  find(arn: string): SchedulingPolicyRecord | undefined {
    return this.#records.get(arn);
  }

  /** @throws AwsError `ClientException` when there is none. */
  get(arn: string): SchedulingPolicyRecord {
    const record = this.#records.get(arn);
    if (record === undefined) throw clientException(`Scheduling policy ${arn} does not exist`);
    return record;
  }

  replace(record: SchedulingPolicyRecord): void {
    this.#records.set(record.arn, record);
  }

  /** The weight factor of a share; an entry that ends in `*` covers what begins like it. */
  weight(arn: string, share: string): number {
    const shares = this.#records.get(arn)?.fairsharePolicy?.shareDistribution ?? [];
    const entry =
      shares.find((candidate) => candidate.shareIdentifier === share) ??
      shares.find(
        ({ shareIdentifier }) => shareIdentifier.endsWith('*') && share.startsWith(shareIdentifier.slice(0, -1)),
      );
    return entry?.weightFactor ?? 1;
  }

  #create(input: unknown): Readonly<Record<string, unknown>> {
    const request = parseRequest(CreateSchedulingPolicyRequest, input);
    checkName(request.name);
    const arn = batchArn(this.#context, 'scheduling-policy', request.name);
    if (this.#records.has(arn)) throw clientException('Object already exists');
    this.replace({ ...request, arn, tags: request.tags ?? {} });
    return { name: request.name, arn };
  }

  #update(input: unknown): Readonly<Record<string, never>> {
    const { arn, ...changes } = parseRequest(UpdateSchedulingPolicyRequest, input);
    this.replace({ ...this.get(arn), ...changes });
    return {};
  }

  #describe(input: unknown): Readonly<Record<string, unknown>> {
    const { arns } = parseRequest(DescribeSchedulingPoliciesRequest, input);
    return { schedulingPolicies: arns.map((arn) => this.find(arn)).filter((record) => record !== undefined) };
  }

  #list(input: unknown): Readonly<Record<string, unknown>> {
    const request = parseRequest(ListSchedulingPoliciesRequest, input);
    const { items, nextToken } = pageOf(sortedBy(this.#records.values(), byArn), byArn, pageOptions(request));
    return { schedulingPolicies: items.map(({ arn }) => ({ arn })), ...(nextToken === undefined ? {} : { nextToken }) };
  }

  #delete(input: unknown): Readonly<Record<string, never>> {
    const { arn } = parseRequest(SchedulingPolicyRequest, input);
    if (this.#isUsed(arn)) throw clientException('Cannot delete, found existing JobQueue relationship');
    this.#records.delete(arn);
    return {};
  }
}

const byArn = (record: SchedulingPolicyRecord) => record.arn;
