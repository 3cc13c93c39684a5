import { CloudFormationClient, CreateStackCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { EventBridgeClient, PutEventsCommand, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { CreateFunctionCommand, GetFunctionCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  CreateBucketCommand,
  GetBucketLocationCommand,
  GetObjectCommand,
  ListBucketsCommand,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  ListStateMachinesCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openQueue } from '../open-queue.js';
import { eventually, RunningEngine } from '../running-engine.js';
import { zipOf } from '../services/lambda/zip-of.js';

const regions = ['us-east-1', 'eu-central-1'] as const;
const role = 'arn:aws:iam::123456789012:role/r';

let engine: RunningEngine;
beforeAll(async () => {
  engine = await RunningEngine.start();
});
afterAll(() => engine.dispose());

const clients = (region: string) => {
  const config = { ...engine.client, region };
  return {
    s3: new S3Client({ ...config, forcePathStyle: true }),
    states: new SFNClient(config),
    lambda: new LambdaClient(config),
    sqs: new SQSClient(config),
    events: new EventBridgeClient(config),
    cloudformation: new CloudFormationClient(config),
  };
};
const machine = (region: string) => ({
  name: 'same',
  roleArn: role,
  definition: JSON.stringify({ StartAt: 'A', States: { A: { Type: 'Pass', Result: region, End: true } } }),
});

describe('two regions', () => {
  it('have state machines, executions and functions of the same name, each with its own ARN and content', async () => {
    for (const region of regions) {
      const { states, lambda } = clients(region);
      const { stateMachineArn } = await states.send(new CreateStateMachineCommand(machine(region)));
      expect(stateMachineArn).toBe(`arn:aws:states:${region}:123456789012:stateMachine:same`);
      const { executionArn } = await states.send(new StartExecutionCommand({ stateMachineArn, name: 'one' }));
      expect(executionArn).toBe(`arn:aws:states:${region}:123456789012:execution:same:one`);
      const output = await eventually(
        async () => (await states.send(new DescribeExecutionCommand({ executionArn }))).output,
        'the output',
      );
      expect(output).toBe(JSON.stringify(region));

      const source =
        'export const handler = async (_, context) => [process.env.AWS_REGION, context.invokedFunctionArn];';
      await lambda.send(
        new CreateFunctionCommand({
          FunctionName: 'same',
          Role: role,
          Runtime: 'nodejs22.x',
          Handler: 'index.handler',
          Code: { ZipFile: zipOf({ 'index.mjs': source }) },
        }),
      );
      const answer = await lambda.send(new InvokeCommand({ FunctionName: 'same' }));
      expect(JSON.parse(Buffer.from(answer.Payload ?? []).toString())).toEqual([
        region,
        `arn:aws:lambda:${region}:123456789012:function:same`,
      ]);
    }
    const foreign = `arn:aws:lambda:${regions[0]}:123456789012:function:same`;
    await expect(
      clients(regions[1]).lambda.send(new GetFunctionCommand({ FunctionName: foreign })),
    ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    const arn = `arn:aws:states:${regions[0]}:123456789012:execution:same:one`;
    await expect(
      clients(regions[1]).states.send(new DescribeExecutionCommand({ executionArn: arn })),
    ).rejects.toMatchObject({ name: 'ExecutionDoesNotExist' });
  });

  it('share the names of buckets, and an object is the same from both; its event goes to the rules of its bucket’s region', async () => {
    const [home, away] = [clients(regions[0]), clients(regions[1])];
    await away.s3.send(new CreateBucketCommand({ Bucket: 'far' }));
    expect((await home.s3.send(new GetBucketLocationCommand({ Bucket: 'far' }))).LocationConstraint).toBe(regions[1]);
    await expect(
      away.s3.send(
        new CreateBucketCommand({ Bucket: 'x-y', CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } }),
      ),
    ).rejects.toMatchObject({ name: 'IllegalLocationConstraintException' });
    for (const region of regions) {
      const { sqs, events } = clients(region);
      const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'seen', Attributes: openQueue }));
      expect(QueueUrl).toContain('/123456789012/seen');
      await events.send(new PutRuleCommand({ Name: 'objects', EventPattern: JSON.stringify({ source: ['aws.s3'] }) }));
      const Arn = `arn:aws:sqs:${region}:123456789012:seen`;
      await events.send(new PutTargetsCommand({ Rule: 'objects', Targets: [{ Id: 'q', Arn }] }));
    }
    const NotificationConfiguration = { EventBridgeConfiguration: {} };
    await home.s3.send(new PutBucketNotificationConfigurationCommand({ Bucket: 'far', NotificationConfiguration }));
    await home.s3.send(new PutObjectCommand({ Bucket: 'far', Key: 'k', Body: 'hello' }));
    expect(
      await (await away.s3.send(new GetObjectCommand({ Bucket: 'far', Key: 'k' }))).Body?.transformToString(),
    ).toBe('hello');
    const message = await eventually(async () => {
      const { Messages } = await away.sqs.send(
        new ReceiveMessageCommand({ QueueUrl: `${engine.url}/123456789012/seen` }),
      );
      return Messages?.[0]?.Body;
    }, 'the event');
    expect(JSON.parse(message)).toMatchObject({ region: regions[1], detail: { bucket: { name: 'far' } } });
    const { Messages } = await home.sqs.send(
      new ReceiveMessageCommand({ QueueUrl: `${engine.url}/123456789012/seen` }),
    );
    expect(Messages).toBeUndefined();
  });

  it('do not take a queue of one for that of the same name in another', async () => {
    const [home, away] = [clients(regions[0]), clients(regions[1])];
    for (const { sqs } of [home, away])
      await sqs.send(new CreateQueueCommand({ QueueName: 'namesake', Attributes: openQueue }));
    await home.sqs.send(new CreateQueueCommand({ QueueName: 'dead', Attributes: openQueue }));
    await home.events.send(new PutRuleCommand({ Name: 'abroad', EventPattern: '{"source": ["me"]}' }));
    const arn = (region: string, name: string) => `arn:aws:sqs:${region}:123456789012:${name}`;
    const target = { Id: 'q', Arn: arn(regions[1], 'namesake'), DeadLetterConfig: { Arn: arn(regions[0], 'dead') } };
    await home.events.send(new PutTargetsCommand({ Rule: 'abroad', Targets: [target] }));
    await home.events.send(new PutEventsCommand({ Entries: [{ Source: 'me', DetailType: 'd', Detail: '{}' }] }));
    const receive = async ({ sqs }: typeof home, name: string) => {
      const QueueUrl = `${engine.url}/123456789012/${name}`;
      return (await sqs.send(new ReceiveMessageCommand({ QueueUrl, MessageAttributeNames: ['All'] }))).Messages?.[0];
    };
    const dead = await eventually(() => receive(home, 'dead'), 'the dead letter');
    expect(dead.MessageAttributes?.['ERROR_CODE']?.StringValue).toBe('AWS.SimpleQueueService.NonExistentQueue');
    expect([await receive(home, 'namesake'), await receive(away, 'namesake')]).toEqual([undefined, undefined]);
  });

  it('have stacks of the same name, which create their resources where they are', async () => {
    const TemplateBody = JSON.stringify({
      Resources: { Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'told' } } },
      Outputs: { Region: { Value: { Ref: 'AWS::Region' } }, Topic: { Value: { Ref: 'Topic' } } },
    });
    for (const region of regions) {
      const { cloudformation } = clients(region);
      await cloudformation.send(new CreateStackCommand({ StackName: 'same', TemplateBody }));
      const stack = await eventually(async () => {
        const { Stacks } = await cloudformation.send(new DescribeStacksCommand({ StackName: 'same' }));
        return Stacks?.find(({ StackStatus }) => StackStatus === 'CREATE_COMPLETE');
      }, 'the stack');
      expect(stack.StackId).toContain(`:${region}:`);
      expect(stack.Outputs?.map(({ OutputValue }) => OutputValue).sort()).toEqual(
        [region, `arn:aws:sns:${region}:123456789012:told`].sort(),
      );
    }
  });

  it('are what they were after a restart', async () => {
    await engine.close();
    await engine.open();
    for (const region of [...regions, 'ap-southeast-2']) {
      const { states, cloudformation, s3 } = clients(region);
      const { stateMachines } = await states.send(new ListStateMachinesCommand({}));
      const { Stacks } = await cloudformation.send(new DescribeStacksCommand({}));
      const known = (regions as readonly string[]).includes(region);
      expect([region, stateMachines?.length, Stacks?.length]).toEqual([region, known ? 1 : 0, known ? 1 : 0]);
      const { Buckets } = await s3.send(new ListBucketsCommand({}));
      expect(Buckets?.map(({ Name }) => Name)).toEqual(['far']);
    }
  });
});
