import { DescribeJobDefinitionsCommand, paginateDescribeJobDefinitions } from '@aws-sdk/client-batch';
import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { GetAliasCommand, paginateListEventSourceMappings } from '@aws-sdk/client-lambda';
import { DescribeExecutionCommand, DescribeStateMachineCommand, paginateListStateMachines } from '@aws-sdk/client-sfn';
import { ListQueuesCommand } from '@aws-sdk/client-sqs';
import type { Clients } from '../../src/index.js';

export const account = 'arn:aws:states:us-east-1:123456789012';

/** The services' own data about one workflow, read without any function of this project. */
export class Evidence {
  readonly #clients: Clients;
  readonly workflow: string;

  constructor(clients: Clients, workflow: string) {
    this.#clients = clients;
    this.workflow = workflow;
  }

  /** The alias `live`, or `undefined`. */
  async live() {
    return await this.#clients.lambda
      .send(new GetAliasCommand({ FunctionName: `${this.workflow}-launcher`, Name: 'live' }))
      .catch((error: unknown) => nothingIf(error, 'ResourceNotFoundException'));
  }

  /**
   * The reason why `live` must not name a version, or `undefined`. @param mark the deployment of the version, if known
   */
  async problemOf(version: number, mark: string | undefined): Promise<string | undefined> {
    const name = `${this.workflow}--${version}`;
    const machine = await this.#clients.sfn
      .send(new DescribeStateMachineCommand({ stateMachineArn: `${account}:stateMachine:${name}:1` }))
      .catch((error: unknown) => nothingIf(error, 'StateMachineDoesNotExist'));
    if (machine?.status !== 'ACTIVE') return `its state machine is ${machine?.status ?? 'gone or closed'}`;
    const definition = machine.definition ?? '';
    if (mark !== undefined && !definition.includes(`"mark-${mark}"`)) return `it is not the deployment ${mark}`;
    const [arn = ''] = /arn:aws:batch:[^"]+:job-definition\/[^"]+/.exec(definition) ?? [];
    if (!arn.includes(`/${this.workflow}-work--${version}:`)) return `it runs ${arn}`;
    const { jobDefinitions } = await this.#clients.batch.send(
      new DescribeJobDefinitionsCommand({ jobDefinitions: [arn] }),
    );
    const [job] = jobDefinitions ?? [];
    if (job?.status !== 'ACTIVE') return `${arn} is ${job?.status ?? 'gone'}`;
    if (mark !== undefined && !job.parameters?.['step']?.includes(`echo ${mark}"`)) return `${arn} is not of ${mark}`;
    return undefined;
  }

  /** Includes pruned versions: Step Functions keeps executions longer than their state machines. */
  async executionsOf(name: string, newest: number): Promise<string[]> {
    const found: string[] = [];
    for (let version = 1; version <= newest; version += 1) {
      const executionArn = `${account}:execution:${this.workflow}--${version}:${name}`;
      const execution = await this.#clients.sfn
        .send(new DescribeExecutionCommand({ executionArn }))
        .catch((error: unknown) => nothingIf(error, 'ExecutionDoesNotExist'));
      if (execution !== undefined) found.push(executionArn);
    }
    return found;
  }

  /** Names of its state machines and of its active job definitions, of all versions. */
  async resources(): Promise<string[]> {
    const found: string[] = [];
    for await (const { stateMachines } of paginateListStateMachines({ client: this.#clients.sfn }, {})) {
      for (const { name } of stateMachines ?? []) if (name?.startsWith(`${this.workflow}--`)) found.push(name);
    }
    const request = { status: 'ACTIVE' };
    for await (const { jobDefinitions } of paginateDescribeJobDefinitions({ client: this.#clients.batch }, request)) {
      for (const { jobDefinitionName: name } of jobDefinitions ?? []) {
        if (name?.startsWith(`${this.workflow}-`)) found.push(name);
      }
    }
    const { QueueUrls = [] } = await this.#clients.sqs.send(
      new ListQueuesCommand({ QueueNamePrefix: `${this.workflow}-LaunchQueue` }),
    );
    found.push(...QueueUrls);
    for await (const { EventSourceMappings } of paginateListEventSourceMappings({ client: this.#clients.lambda }, {})) {
      const launcher = `:function:${this.workflow}-launcher:`;
      for (const { UUID = '', FunctionArn } of EventSourceMappings ?? [])
        if (FunctionArn?.includes(launcher)) found.push(UUID);
    }
    return found.sort();
  }

  /** The stack, or `undefined`. */
  async stack() {
    const answer = await this.#clients.cloudFormation
      .send(new DescribeStacksCommand({ StackName: this.workflow }))
      .catch((error: unknown) => nothingIf(error, 'ValidationError'));
    return answer?.Stacks?.[0];
  }
}

export function nothingIf(error: unknown, name: string): undefined {
  if (error instanceof Error && error.name === name) return undefined;
  throw error;
}
