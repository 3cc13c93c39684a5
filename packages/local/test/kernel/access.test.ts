import { CloudFormationClient, CreateStackCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { EventBridgeClient, PutEventsCommand, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { GetFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { CreateTopicCommand, PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { CreateQueueCommand, GetQueueAttributesCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, RunningEngine } from '../running-engine.js';

const account = '123456789012';
const trust = (Principal: object) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal, Action: 'sts:AssumeRole' }],
});
const allow = (Action: string | string[], Resource: string | string[]) => ({ Effect: 'Allow', Action, Resource });
const role = (RoleName: string, principal: object, ...Statement: object[]) => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    RoleName,
    AssumeRolePolicyDocument: trust(principal),
    ...(Statement.length === 0
      ? {}
      : { Policies: [{ PolicyName: 'p', PolicyDocument: { Version: '2012-10-17', Statement } }] }),
  },
});

const statementWith = (elements: object) =>
  JSON.stringify({ Statement: { ...allow('s3:*', '*'), Principal: '*', ...elements } });

const template = {
  Resources: {
    Reader: role('reader', { AWS: account }, allow('s3:GetObject', 'arn:aws:s3:::data/allowed/*')),
    Lister: role(
      'lister',
      { AWS: account },
      allow(['s3:GetObject', 's3:ListBucket'], ['arn:aws:s3:::data', 'arn:aws:s3:::data/*']),
      allow(['s3:PutObject', 's3:DeleteObject'], 'arn:aws:s3:::data/allowed/*'),
    ),
    Machine: role('machine', { Service: 'states.amazonaws.com' }),
    Functions: role('functions', { Service: 'lambda.amazonaws.com' }),
  },
};

describe('access control', () => {
  let engine: RunningEngine;
  const session = async (name: string) => {
    const sts = new STSClient(engine.client);
    const { Credentials } = await sts.send(
      new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${account}:role/${name}`, RoleSessionName: 'me' }),
    );
    return {
      ...engine.client,
      forcePathStyle: true,
      credentials: {
        accessKeyId: Credentials?.AccessKeyId ?? '',
        secretAccessKey: Credentials?.SecretAccessKey ?? '',
        sessionToken: Credentials?.SessionToken ?? '',
      },
    };
  };
  const refusal = (call: Promise<unknown>) =>
    call.then(
      () => 'allowed',
      (error: unknown) => ({
        name: Reflect.get(Object(error), 'name'),
        status: Reflect.get(Object(Reflect.get(Object(error), '$metadata')), 'httpStatusCode'),
        message: Reflect.get(Object(error), 'message'),
      }),
    );

  beforeAll(async () => {
    engine = await RunningEngine.start();
    const stacks = new CloudFormationClient(engine.client);
    await stacks.send(
      new CreateStackCommand({
        StackName: 'roles',
        TemplateBody: JSON.stringify(template),
        Capabilities: ['CAPABILITY_NAMED_IAM'],
      }),
    );
    await eventually(async () => {
      const { Stacks } = await stacks.send(new DescribeStacksCommand({ StackName: 'roles' }));
      return Stacks?.[0]?.StackStatus === 'CREATE_COMPLETE' ? true : undefined;
    }, 'the roles');
    const s3 = new S3Client({ ...engine.client, forcePathStyle: true });
    await s3.send(new CreateBucketCommand({ Bucket: 'data' }));
    for (const Key of ['allowed/a', 'other/b']) await s3.send(new PutObjectCommand({ Bucket: 'data', Key, Body: 'x' }));
  });
  afterAll(() => engine.dispose());

  it('tells a session who it is', async () => {
    const { Arn } = await new STSClient(await session('reader')).send(new GetCallerIdentityCommand({}));
    expect(Arn).toBe(`arn:aws:sts::${account}:assumed-role/reader/me`);
  });

  it('lets nobody assume a role that does not trust them', async () => {
    expect(await refusal(session('machine'))).toEqual({
      name: 'AccessDenied',
      status: 403,
      message: `User: arn:aws:iam::${account}:root is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::${account}:role/machine because no resource-based policy allows the sts:AssumeRole action`,
    });
    expect(await refusal(session('missing'))).toMatchObject({ name: 'AccessDenied' });
  });

  it('reads what a policy allows, and quotes what it does not as S3 does', async () => {
    const s3 = new S3Client(await session('reader'));
    await s3.send(new GetObjectCommand({ Bucket: 'data', Key: 'allowed/a' }));
    expect(await refusal(s3.send(new GetObjectCommand({ Bucket: 'data', Key: 'other/b' })))).toEqual({
      name: 'AccessDenied',
      status: 403,
      message: `User: arn:aws:sts::${account}:assumed-role/reader/me is not authorized to perform: s3:GetObject on resource: "arn:aws:s3:::data/other/b" because no identity-based policy allows the s3:GetObject action`,
    });
  });

  it('tells only those who may list a bucket that an object is missing', async () => {
    const missing = new GetObjectCommand({ Bucket: 'data', Key: 'allowed/missing' });
    expect(await refusal(new S3Client(await session('reader')).send(missing))).toMatchObject({
      name: 'AccessDenied',
      message: expect.stringContaining('s3:ListBucket'),
    });
    expect(await refusal(new S3Client(await session('lister')).send(missing))).toMatchObject({ name: 'NoSuchKey' });
  });

  it('needs permissions on both sides of a copy', async () => {
    const s3 = new S3Client(await session('lister'));
    await s3.send(new CopyObjectCommand({ Bucket: 'data', Key: 'allowed/c', CopySource: 'data/other/b' }));
    const back = new CopyObjectCommand({ Bucket: 'data', Key: 'other/c', CopySource: 'data/allowed/a' });
    expect(await refusal(s3.send(back))).toMatchObject({ message: expect.stringContaining('s3:PutObject') });
  });

  it('decides on each object of DeleteObjects', async () => {
    const { Deleted, Errors } = await new S3Client(await session('lister')).send(
      new DeleteObjectsCommand({ Bucket: 'data', Delete: { Objects: [{ Key: 'allowed/c' }, { Key: 'other/b' }] } }),
    );
    expect(Deleted).toEqual([{ Key: 'allowed/c' }]);
    expect(Errors).toMatchObject([{ Key: 'other/b', Code: 'AccessDenied' }]);
  });

  it('lets a deny in a bucket policy bind the administrator, too', async () => {
    const s3 = new S3Client({ ...engine.client, forcePathStyle: true });
    await s3.send(new CreateBucketCommand({ Bucket: 'closed' }));
    const Statement = { Effect: 'Deny', Principal: '*', Action: 's3:PutObject', Resource: 'arn:aws:s3:::closed/*' };
    await s3.send(new PutBucketPolicyCommand({ Bucket: 'closed', Policy: JSON.stringify({ Statement }) }));
    expect(await refusal(s3.send(new PutObjectCommand({ Bucket: 'closed', Key: 'k', Body: '' })))).toMatchObject({
      message: expect.stringContaining('with an explicit deny in a resource-based policy'),
    });
  });

  it('words a denial as each service does', async () => {
    const as = await session('reader');
    const who = `User: arn:aws:sts::${account}:assumed-role/reader/me is not authorized to perform:`;
    const machine = `arn:aws:states:us-east-1:${account}:stateMachine:m`;
    const topic = `arn:aws:sns:us-east-1:${account}:t`;
    const queue = `arn:aws:sqs:us-east-1:${account}:q`;
    const denials = await Promise.all([
      refusal(new SFNClient(as).send(new StartExecutionCommand({ stateMachineArn: machine }))),
      refusal(new LambdaClient(as).send(new GetFunctionCommand({ FunctionName: 'f' }))),
      refusal(new SNSClient(as).send(new PublishCommand({ TopicArn: topic, Message: 'm' }))),
      refusal(
        new SQSClient(as).send(new SendMessageCommand({ QueueUrl: `${engine.url}/${account}/q`, MessageBody: 'm' })),
      ),
    ]);
    const because = 'because no identity-based policy allows the';
    expect(denials).toEqual([
      {
        name: 'AccessDeniedException',
        status: 400,
        message: `${who} states:StartExecution on resource: ${machine} ${because} states:StartExecution action`,
      },
      {
        name: 'AccessDeniedException',
        status: 403,
        message: `${who} lambda:GetFunction on resource: arn:aws:lambda:us-east-1:${account}:function:f ${because} lambda:GetFunction action`,
      },
      {
        name: expect.stringMatching(/^AuthorizationError/),
        status: 403,
        message: `${who} SNS:Publish on resource: ${topic} ${because} SNS:Publish action`,
      },
      {
        name: 'AccessDenied',
        status: 403,
        message: `${who} sqs:sendmessage on resource: ${queue} ${because} sqs:sendmessage action`,
      },
    ]);
  });

  it('accepts only a role that Step Functions may assume, and runs Tasks with its permissions', async () => {
    const states = new SFNClient(engine.client);
    const definition = JSON.stringify({
      StartAt: 'Get',
      States: {
        Get: {
          Type: 'Task',
          Resource: 'arn:aws:states:::aws-sdk:s3:getObject',
          Parameters: { Bucket: 'data', Key: 'allowed/a' },
          End: true,
        },
      },
    });
    const create = (name: string) =>
      states.send(
        new CreateStateMachineCommand({ name: 'm', definition, roleArn: `arn:aws:iam::${account}:role/${name}` }),
      );
    expect(await refusal(create('reader'))).toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining('authorized to assume the provided role'),
    });
    const { stateMachineArn } = await create('machine');
    const { executionArn } = await states.send(new StartExecutionCommand({ stateMachineArn, name: 'one' }));
    const ended = await eventually(async () => {
      const execution = await states.send(new DescribeExecutionCommand({ executionArn }));
      return execution.status === 'RUNNING' ? undefined : execution;
    }, 'the end of the execution');
    expect(ended).toMatchObject({ status: 'FAILED', error: 'S3.S3Exception' });
    expect(ended.cause).toContain(
      `User: arn:aws:sts::${account}:assumed-role/machine/one is not authorized to perform: s3:GetObject`,
    );
  });

  it('delivers events to a queue only if its policy names EventBridge', async () => {
    const sqs = new SQSClient(engine.client);
    const events = new EventBridgeClient(engine.client);
    const { RuleArn } = await events.send(
      new PutRuleCommand({ Name: 'all', EventPattern: JSON.stringify({ source: ['mine'] }) }),
    );
    const Policy = JSON.stringify({
      Statement: {
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: '*',
        Condition: { ArnEquals: { 'aws:SourceArn': RuleArn } },
      },
    });
    const urls = await Promise.all([
      sqs.send(new CreateQueueCommand({ QueueName: 'named', Attributes: { Policy } })),
      sqs.send(new CreateQueueCommand({ QueueName: 'unnamed' })),
    ]);
    const Targets = ['unnamed', 'named'].map((name) => ({ Id: name, Arn: `arn:aws:sqs:us-east-1:${account}:${name}` }));
    await events.send(new PutTargetsCommand({ Rule: 'all', Targets }));
    await events.send(new PutEventsCommand({ Entries: [{ Source: 'mine', DetailType: 'd', Detail: '{}' }] }));
    const waiting = async (QueueUrl: string | undefined) => {
      const AttributeNames = ['ApproximateNumberOfMessages' as const];
      const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames }));
      return Attributes?.['ApproximateNumberOfMessages'];
    };
    await eventually(async () => ((await waiting(urls[0]?.QueueUrl)) === '1' ? true : undefined), 'the event');
    expect(await waiting(urls[1]?.QueueUrl)).toBe('0');
  });

  it('refuses a token that is damaged', async () => {
    const credentials = { accessKeyId: 'a', secretAccessKey: 'b', sessionToken: 'bclaw-session.e30' };
    const sts = new STSClient({ ...engine.client, credentials });
    expect(await refusal(sts.send(new GetCallerIdentityCommand({})))).toMatchObject({ name: 'InvalidClientTokenId' });
  });

  it.each([
    ['no JSON', '{'],
    ['no policy', '[]'],
    ['no statement', '{"Version":"2012-10-17"}'],
    ['an unknown effect', '{"Statement":[{"Effect":"Maybe","Principal":"*","Action":"*","Resource":"*"}]}'],
    ['no principal', '{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'],
    ['an unknown operator', statementWith({ Condition: { StringIs: { 'aws:username': 'me' } } })],
  ])('refuses a policy of a resource when it is set: %s', async (_, Policy) => {
    const s3 = new S3Client({ ...engine.client, forcePathStyle: true });
    const malformed = await refusal(s3.send(new PutBucketPolicyCommand({ Bucket: 'data', Policy })));
    expect(malformed).toMatchObject({ name: 'MalformedPolicy', status: 400 });
    const queue = new CreateQueueCommand({ QueueName: 'faulty', Attributes: { Policy } });
    const invalid = await refusal(new SQSClient(engine.client).send(queue));
    expect(invalid).toMatchObject({ status: 400, message: expect.stringContaining('Policy') });
    const topic = new CreateTopicCommand({ Name: 'faulty', Attributes: { Policy } });
    expect(await refusal(new SNSClient(engine.client).send(topic))).toMatchObject({ status: 400 });
  });
});

describe('access control that only reports', () => {
  it('lets a call through and says once what would be denied', async () => {
    const messages: string[] = [];
    const log = { info: () => {}, error: (message: string) => messages.push(message) };
    const engine = await RunningEngine.start(undefined, { iam: 'report', log });
    try {
      const states = new SFNClient(engine.client);
      const definition = JSON.stringify({ StartAt: 'P', States: { P: { Type: 'Pass', End: true } } });
      await states.send(
        new CreateStateMachineCommand({ name: 'm', definition, roleArn: `arn:aws:iam::${account}:role/none` }),
      );
      const stateMachineArn = `arn:aws:states:us-east-1:${account}:stateMachine:m`;
      const token = Buffer.from(JSON.stringify({ roleArn: `arn:aws:iam::${account}:role/none`, name: 's' }));
      const credentials = {
        accessKeyId: 'a',
        secretAccessKey: 'b',
        sessionToken: `bclaw-session.${token.toString('base64url')}`,
      };
      const as = new SFNClient({ ...engine.client, credentials });
      for (const name of ['one', 'two']) await as.send(new StartExecutionCommand({ stateMachineArn, name }));
      expect(
        messages.filter((message) => /^IAM would deny it: User: .* states:StartExecution /.test(message)),
      ).toHaveLength(1);
    } finally {
      await engine.dispose();
    }
  });
});
