import type { Table } from '../../kernel/journal.js';
import type { EngineContext, Operations } from '../../kernel/service.js';
import { pageOf, sortedBy } from '../../wire/page.js';
import { batchArn, nameOf } from './arns.js';
import type { JobDefinitionRecord } from './model.js';
import {
  clientException,
  DeregisterJobDefinitionRequest,
  DescribeJobDefinitionsRequest,
  pageOptions,
  parseRequest,
  RegisterJobDefinitionRequest,
} from './requests.js';
import { checkName } from './resource-name.js';

/** Job definitions by ARN with revision. Revisions are never used again, deregistered ones included. */
export class JobDefinitions {
  readonly #context: EngineContext;
  readonly #records: Table<JobDefinitionRecord>;

  constructor(context: EngineContext) {
    this.#context = context;
    this.#records = context.journal.table('batch.job-definitions');
  }

  readonly operations: Operations = {
    RegisterJobDefinition: (input: unknown) => this.#register(input),
    DeregisterJobDefinition: (input: unknown) => this.#deregister(input),
    DescribeJobDefinitions: (input: unknown) => this.#describe(input),
  };

  /** A definition that some job was submitted with. */
  get(arn: string): JobDefinitionRecord {
    const record = this.#records.get(arn);
    if (record === undefined) throw clientException(`JobDefinition ${arn} not found.`);
    return record;
  }

  find(arn: string): JobDefinitionRecord | undefined {
    return this.#records.get(arn);
  }

  replace(record: JobDefinitionRecord): void {
    this.#records.set(record.jobDefinitionArn, record);
  }

  /**
   * The definition that a submission means: a name is its latest active revision.
   *
   * @throws AwsError `ClientException` when it does not exist or was deregistered.
   */
  resolve(reference: string): JobDefinitionRecord {
    const name = nameOf(reference);
    if (!name.includes(':')) {
      const active = this.#revisions(name).filter((record) => record.status === 'ACTIVE');
      const latest = active[0];
      if (latest === undefined)
        throw clientException(`JobDefinition name ${name} does not exist or is not in ACTIVE status`);
      return latest;
    }
    const arn = reference.startsWith('arn:') ? reference : batchArn(this.#context, 'job-definition', name);
    const record = this.get(arn);
    if (record.status !== 'ACTIVE') throw clientException(`JobDefinition ${arn} is not in ACTIVE status`);
    return record;
  }

  #register(input: unknown): Readonly<Record<string, unknown>> {
    const request = parseRequest(RegisterJobDefinitionRequest, input);
    const { jobDefinitionName, containerProperties } = request;
    checkName(jobDefinitionName);
    for (const member of ['nodeProperties', 'eksProperties', 'ecsProperties'] as const)
      if (request[member] !== undefined)
        throw clientException(`The embedded engine runs container jobs only; it does not have ${member}.`);
    if (request.type !== 'container')
      throw clientException(`The embedded engine runs job definitions of type container only, not ${request.type}.`);
    if (containerProperties?.image === undefined || containerProperties.image === '')
      throw clientException('Error executing request, Exception : Container image must not be empty');
    const revision = (this.#revisions(jobDefinitionName)[0]?.revision ?? 0) + 1;
    const jobDefinitionArn = batchArn(this.#context, 'job-definition', `${jobDefinitionName}:${revision}`);
    const { nodeProperties: _node, eksProperties: _eks, ecsProperties: _ecs, ...kept } = request;
    this.replace({
      ...kept,
      jobDefinitionArn,
      revision,
      status: 'ACTIVE',
      type: 'container',
      parameters: request.parameters ?? {},
      containerProperties,
      tags: request.tags ?? {},
    });
    return { jobDefinitionName, jobDefinitionArn, revision };
  }

  #deregister(input: unknown): Readonly<Record<string, never>> {
    const { jobDefinition } = parseRequest(DeregisterJobDefinitionRequest, input);
    const name = nameOf(jobDefinition);
    if (!name.includes(':'))
      throw clientException(
        `Error executing request, Exception : jobDefinition must be name:revision or an ARN with a revision, not ${jobDefinition}`,
      );
    const record = this.#records.get(batchArn(this.#context, 'job-definition', name));
    // AWS answers a definition that is gone like one that it just deregistered.
    if (record !== undefined) this.replace({ ...record, status: 'INACTIVE' });
    return {};
  }

  #describe(input: unknown): Readonly<Record<string, unknown>> {
    const request = parseRequest(DescribeJobDefinitionsRequest, input);
    const { jobDefinitions, jobDefinitionName, status } = request;
    if (jobDefinitions !== undefined && jobDefinitionName !== undefined)
      throw clientException(
        'Error executing request, Exception : jobDefinitions and jobDefinitionName exclude each other',
      );
    const wanted = new Set(jobDefinitions?.map((reference) => nameOf(reference)));
    const matching = [...this.#records.values()].filter(
      (record) =>
        (status === undefined || record.status === status) &&
        (jobDefinitionName === undefined || record.jobDefinitionName === jobDefinitionName) &&
        (jobDefinitions === undefined || wanted.has(nameOf(record.jobDefinitionArn))),
    );
    const { items, nextToken } = pageOf(sortedBy(matching, newestFirst), newestFirst, pageOptions(request));
    return { jobDefinitions: items.map(described), ...(nextToken === undefined ? {} : { nextToken }) };
  }

  /** Newest first. */
  #revisions(name: string): readonly JobDefinitionRecord[] {
    return [...this.#records.values()]
      .filter((record) => record.jobDefinitionName === name)
      .sort((a, b) => b.revision - a.revision);
  }
}

function described(record: JobDefinitionRecord): Readonly<Record<string, unknown>> {
  return { ...record, platformCapabilities: record.platformCapabilities ?? ['EC2'], containerOrchestrationType: 'ECS' };
}

/** Sorts by name, then by revision downwards (a revision has at most ten digits). */
function newestFirst(record: JobDefinitionRecord): string {
  return `${record.jobDefinitionName}:${String(9_999_999_999 - record.revision)}`;
}
