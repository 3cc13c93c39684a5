import type { Table } from '../../kernel/journal.js';
import type { EngineContext, Operations } from '../../kernel/service.js';
import { pageOf, sortedBy } from '../../wire/page.js';
import { batchArn, nameOf } from './arns.js';
import {
  CreateComputeEnvironmentRequest,
  clientException,
  DeleteComputeEnvironmentRequest,
  DescribeComputeEnvironmentsRequest,
  pageOptions,
  parseRequest,
  UpdateComputeEnvironmentRequest,
} from './requests.js';
import { checkName } from './resource-name.js';

export interface ComputeEnvironmentRecord {
  readonly computeEnvironmentName: string;
  readonly computeEnvironmentArn: string;
  readonly type: 'MANAGED' | 'UNMANAGED';
  readonly state: 'ENABLED' | 'DISABLED';
  readonly status: 'VALID';
  readonly statusReason: string;
  readonly computeResources?: Readonly<Record<string, unknown>>;
  readonly serviceRole?: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** Compute environments are recorded: whatever they say, jobs run on this machine. */
export class ComputeEnvironments {
  readonly #context: EngineContext;
  readonly #records: Table<ComputeEnvironmentRecord>;
  readonly #isUsed: (arn: string) => boolean;

  constructor(context: EngineContext, isUsed: (arn: string) => boolean) {
    this.#context = context;
    this.#records = context.journal.table('batch.compute-environments');
    this.#isUsed = isUsed;
  }

  readonly operations: Operations = {
    CreateComputeEnvironment: (input: unknown) => this.#create(input),
    UpdateComputeEnvironment: (input: unknown) => this.#update(input),
    DescribeComputeEnvironments: (input: unknown) => this.#describe(input),
    DeleteComputeEnvironment: (input: unknown) => this.#delete(input),
  };

  find(nameOrArn: string): ComputeEnvironmentRecord | undefined {
    return this.#records.get(batchArn(this.#context, 'compute-environment', nameOf(nameOrArn)));
  }

  /** @throws AwsError `ClientException` when there is none. */
  get(nameOrArn: string): ComputeEnvironmentRecord {
    const record = this.find(nameOrArn);
    if (record === undefined) throw clientException(`${nameOrArn} does not exist`);
    return record;
  }

  replace(record: ComputeEnvironmentRecord): void {
    this.#records.set(record.computeEnvironmentArn, record);
  }

  #create(input: unknown): Readonly<Record<string, unknown>> {
    const request = parseRequest(CreateComputeEnvironmentRequest, input);
    const { computeEnvironmentName } = request;
    checkName(computeEnvironmentName);
    const computeEnvironmentArn = batchArn(this.#context, 'compute-environment', computeEnvironmentName);
    if (this.#records.has(computeEnvironmentArn)) throw clientException('Object already exists');
    this.replace({
      ...request,
      computeEnvironmentArn,
      state: request.state ?? 'ENABLED',
      status: 'VALID',
      statusReason: 'ComputeEnvironment Healthy',
      tags: request.tags ?? {},
    });
    return { computeEnvironmentName, computeEnvironmentArn };
  }

  #update(input: unknown): Readonly<Record<string, unknown>> {
    const { computeEnvironment, computeResources, ...changes } = parseRequest(UpdateComputeEnvironmentRequest, input);
    const record = this.get(computeEnvironment);
    this.replace({
      ...record,
      ...changes,
      ...(computeResources === undefined
        ? {}
        : { computeResources: { ...record.computeResources, ...computeResources } }),
    });
    return {
      computeEnvironmentName: record.computeEnvironmentName,
      computeEnvironmentArn: record.computeEnvironmentArn,
    };
  }

  #describe(input: unknown): Readonly<Record<string, unknown>> {
    const request = parseRequest(DescribeComputeEnvironmentsRequest, input);
    const wanted = request.computeEnvironments?.map((name) => this.find(name));
    const found = (wanted ?? [...this.#records.values()]).filter((record) => record !== undefined);
    const { items, nextToken } = pageOf(sortedBy(found, byArn), byArn, pageOptions(request));
    return {
      computeEnvironments: items.map((record) => ({ ...record, containerOrchestrationType: 'ECS' })),
      ...(nextToken === undefined ? {} : { nextToken }),
    };
  }

  #delete(input: unknown): Readonly<Record<string, never>> {
    const record = this.find(parseRequest(DeleteComputeEnvironmentRequest, input).computeEnvironment);
    if (record === undefined) return {};
    if (record.state !== 'DISABLED') throw clientException('Cannot delete, state must be DISABLED');
    if (this.#isUsed(record.computeEnvironmentArn))
      throw clientException('Cannot delete, found existing JobQueue relationship');
    this.#records.delete(record.computeEnvironmentArn);
    return {};
  }
}

const byArn = (record: ComputeEnvironmentRecord) => record.computeEnvironmentArn;
