import type { Table } from '../../kernel/journal.js';
import type { EngineContext, Operations } from '../../kernel/service.js';
import { pageOf, sortedBy } from '../../wire/page.js';
import { batchArn, nameOf } from './arns.js';
import type { ComputeEnvironments } from './compute-environments.js';
import {
  CreateJobQueueRequest,
  clientException,
  DeleteJobQueueRequest,
  DescribeJobQueuesRequest,
  pageOptions,
  parseRequest,
  UpdateJobQueueRequest,
} from './requests.js';
import { checkName } from './resource-name.js';
import type { QueueRanks } from './scheduler.js';
import type { SchedulingPolicies } from './scheduling-policies.js';

export interface JobQueueRecord {
  readonly jobQueueName: string;
  readonly jobQueueArn: string;
  readonly state: 'ENABLED' | 'DISABLED';
  readonly status: 'VALID';
  readonly statusReason: string;
  readonly priority: number;
  readonly computeEnvironmentOrder: readonly { readonly order: number; readonly computeEnvironment: string }[];
  readonly schedulingPolicyArn?: string;
  readonly jobStateTimeLimitActions?: readonly Readonly<Record<string, unknown>>[];
  readonly tags: Readonly<Record<string, string>>;
}

/** Job queues; on one machine they only rank jobs. */
export class JobQueues implements QueueRanks {
  readonly #context: EngineContext;
  readonly #policies: SchedulingPolicies;
  readonly #environments: ComputeEnvironments;
  readonly #records: Table<JobQueueRecord>;
  readonly #onDelete: (arn: string) => void;

  constructor(
    context: EngineContext,
    environments: ComputeEnvironments,
    policies: SchedulingPolicies,
    onDelete: (arn: string) => void,
  ) {
    this.#context = context;
    this.#environments = environments;
    this.#policies = policies;
    this.#records = context.journal.table('batch.job-queues');
    this.#onDelete = onDelete;
  }

  readonly operations: Operations = {
    CreateJobQueue: (input: unknown) => this.#create(input),
    UpdateJobQueue: (input: unknown) => this.#update(input),
    DescribeJobQueues: (input: unknown) => this.#describe(input),
    DeleteJobQueue: (input: unknown) => this.#delete(input),
  };

  find(nameOrArn: string): JobQueueRecord | undefined {
    return this.#records.get(batchArn(this.#context, 'job-queue', nameOf(nameOrArn)));
  }

  /** @throws AwsError `ClientException` when there is no such queue. */
  get(nameOrArn: string): JobQueueRecord {
    const record = this.find(nameOrArn);
    if (record === undefined) throw clientException(`Job queue ${nameOrArn} does not exist.`);
    return record;
  }

  replace(record: JobQueueRecord): void {
    this.#records.set(record.jobQueueArn, record);
  }

  *values(): IterableIterator<JobQueueRecord> {
    yield* this.#records.values();
  }

  priority(queue: string): number {
    return this.find(queue)?.priority ?? 0;
  }

  weight(queue: string, share: string): number {
    const policy = this.find(queue)?.schedulingPolicyArn;
    return policy === undefined ? 1 : this.#policies.weight(policy, share);
  }

  #create(input: unknown): Readonly<Record<string, unknown>> {
    const request = parseRequest(CreateJobQueueRequest, input);
    checkName(request.jobQueueName);
    const jobQueueArn = batchArn(this.#context, 'job-queue', request.jobQueueName);
    if (this.#records.has(jobQueueArn)) throw clientException('Object already exists');
    this.#checkReferences(request);
    this.replace({
      ...request,
      jobQueueArn,
      state: request.state ?? 'ENABLED',
      status: 'VALID',
      statusReason: 'JobQueue Healthy',
      computeEnvironmentOrder: this.#order(request.computeEnvironmentOrder),
      tags: request.tags ?? {},
    });
    return { jobQueueName: request.jobQueueName, jobQueueArn };
  }

  #update(input: unknown): Readonly<Record<string, unknown>> {
    const { jobQueue, ...changes } = parseRequest(UpdateJobQueueRequest, input);
    const record = this.get(jobQueue);
    this.#checkReferences(changes);
    const order = changes.computeEnvironmentOrder;
    this.replace({
      ...record,
      ...changes,
      ...(order === undefined ? {} : { computeEnvironmentOrder: this.#order(order) }),
    });
    return { jobQueueName: record.jobQueueName, jobQueueArn: record.jobQueueArn };
  }

  #describe(input: unknown): Readonly<Record<string, unknown>> {
    const request = parseRequest(DescribeJobQueuesRequest, input);
    const wanted = request.jobQueues?.map((queue) => this.find(queue));
    const found = (wanted ?? [...this.#records.values()]).filter((queue) => queue !== undefined);
    const { items, nextToken } = pageOf(sortedBy(found, byArn), byArn, pageOptions(request));
    return {
      jobQueues: items.map((queue) => ({ ...queue, jobQueueType: 'ECS' })),
      ...(nextToken === undefined ? {} : { nextToken }),
    };
  }

  #delete(input: unknown): Readonly<Record<string, never>> {
    const record = this.find(parseRequest(DeleteJobQueueRequest, input).jobQueue);
    if (record === undefined) return {};
    if (record.state !== 'DISABLED') throw clientException('Cannot delete, state must be DISABLED');
    this.#onDelete(record.jobQueueArn);
    this.#records.delete(record.jobQueueArn);
    return {};
  }

  #checkReferences(request: {
    readonly computeEnvironmentOrder?: readonly { readonly computeEnvironment: string }[];
    readonly schedulingPolicyArn?: string;
  }): void {
    for (const { computeEnvironment } of request.computeEnvironmentOrder ?? [])
      this.#environments.get(computeEnvironment);
    if (request.schedulingPolicyArn !== undefined) this.#policies.get(request.schedulingPolicyArn);
  }

  #order(order: JobQueueRecord['computeEnvironmentOrder']): JobQueueRecord['computeEnvironmentOrder'] {
    return order.map((entry) => ({
      order: entry.order,
      computeEnvironment: this.#environments.get(entry.computeEnvironment).computeEnvironmentArn,
    }));
  }
}

const byArn = (queue: JobQueueRecord) => queue.jobQueueArn;
