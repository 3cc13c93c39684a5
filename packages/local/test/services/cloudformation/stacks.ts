import {
  CloudFormationClient,
  CreateChangeSetCommand,
  type CreateChangeSetCommandInput,
  CreateStackCommand,
  type CreateStackCommandInput,
  DeleteStackCommand,
  DescribeChangeSetCommand,
  type DescribeChangeSetCommandOutput,
  DescribeStackEventsCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  type Stack,
  UpdateStackCommand,
  type UpdateStackCommandInput,
} from '@aws-sdk/client-cloudformation';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { eventually, RunningEngine } from '../../running-engine.js';

/** An engine with the clients that the tests of stacks need. */
export class StackWorld {
  readonly engine: RunningEngine;

  private constructor(engine: RunningEngine) {
    this.engine = engine;
  }

  static async start(): Promise<StackWorld> {
    return new StackWorld(await RunningEngine.start());
  }

  get cloudFormation(): CloudFormationClient {
    return new CloudFormationClient(this.engine.client);
  }

  /** Creates a stack and waits for what becomes of it. */
  async create(StackName: string, template: unknown, input: Partial<CreateStackCommandInput> = {}): Promise<Stack> {
    const { StackId } = await this.cloudFormation.send(
      new CreateStackCommand({ StackName, TemplateBody: bodyOf(template), ...input }),
    );
    return this.settled(StackId ?? StackName);
  }

  async update(StackName: string, template: unknown, input: Partial<UpdateStackCommandInput> = {}): Promise<Stack> {
    await this.cloudFormation.send(new UpdateStackCommand({ StackName, TemplateBody: bodyOf(template), ...input }));
    return this.settled(StackName);
  }

  async delete(StackName: string): Promise<Stack> {
    const { StackId } = await this.stack(StackName);
    await this.cloudFormation.send(new DeleteStackCommand({ StackName }));
    return this.settled(StackId ?? StackName);
  }

  /** Creates a change set and waits until it is worked out. */
  async changeSet(
    StackName: string,
    template: unknown,
    input: Partial<CreateChangeSetCommandInput> = {},
  ): Promise<DescribeChangeSetCommandOutput> {
    const { Id } = await this.cloudFormation.send(
      new CreateChangeSetCommand({ StackName, ChangeSetName: 'change', TemplateBody: bodyOf(template), ...input }),
    );
    return eventually(async () => {
      const described = await this.cloudFormation.send(new DescribeChangeSetCommand({ ChangeSetName: Id }));
      return described.Status === 'CREATE_COMPLETE' || described.Status === 'FAILED' ? described : undefined;
    }, `change set of ${StackName}`);
  }

  async stack(StackName: string): Promise<Stack> {
    const { Stacks } = await this.cloudFormation.send(new DescribeStacksCommand({ StackName }));
    const stack = Stacks?.[0];
    if (stack === undefined) throw new Error(`There is no stack ${StackName}.`);
    return stack;
  }

  /** The stack once nothing is under way in it. */
  async settled(StackName: string): Promise<Stack> {
    return eventually(async () => {
      const stack = await this.stack(StackName);
      return stack.StackStatus?.endsWith('_IN_PROGRESS') ? undefined : stack;
    }, `stack ${StackName} to settle`);
  }

  /** `LogicalId STATUS` with the reason, oldest first. */
  async events(StackName: string): Promise<string[]> {
    const { StackEvents } = await this.cloudFormation.send(new DescribeStackEventsCommand({ StackName }));
    return (StackEvents ?? [])
      .map(({ LogicalResourceId, ResourceStatus, ResourceStatusReason }) =>
        [LogicalResourceId, ResourceStatus, ResourceStatusReason].filter(Boolean).join(' '),
      )
      .reverse();
  }

  /** Logical id → physical id. */
  async resources(StackName: string): Promise<Record<string, string>> {
    const { StackResources } = await this.cloudFormation.send(new DescribeStackResourcesCommand({ StackName }));
    return Object.fromEntries(
      (StackResources ?? []).map(({ LogicalResourceId, PhysicalResourceId }) => [
        LogicalResourceId ?? '',
        PhysicalResourceId ?? '',
      ]),
    );
  }

  /** Names of the queues that there are. */
  async queues(): Promise<string[]> {
    const { QueueUrls } = await new SQSClient(this.engine.client).send(new ListQueuesCommand());
    return (QueueUrls ?? []).map((url) => url.slice(url.lastIndexOf('/') + 1)).sort();
  }
}

const bodyOf = (template: unknown) => (typeof template === 'string' ? template : JSON.stringify(template));

/** A queue with a name. */
export const queue = (QueueName: string, properties: object = {}, attributes: object = {}) => ({
  Type: 'AWS::SQS::Queue',
  Properties: { QueueName, ...properties },
  ...attributes,
});

/** A log group with a retention that does not exist: it is made, and fails then. */
export const broken = (LogGroupName: string, attributes: object = {}) => ({
  Type: 'AWS::Logs::LogGroup',
  Properties: { LogGroupName, RetentionInDays: 2 },
  ...attributes,
});

export const outputs = (stack: Stack): Record<string, string> =>
  Object.fromEntries((stack.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey ?? '', OutputValue ?? '']));
