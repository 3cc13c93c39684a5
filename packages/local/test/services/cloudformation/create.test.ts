import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { broken, outputs, queue, StackWorld } from './stacks.js';

let world: StackWorld;
beforeAll(async () => {
  world = await StackWorld.start();
});
afterAll(() => world.engine.dispose());

const logGroups = async () => {
  const { logGroups: groups } = await new CloudWatchLogsClient(world.engine.client).send(
    new DescribeLogGroupsCommand(),
  );
  return (groups ?? []).map(({ logGroupName }) => logGroupName);
};

const trust = {
  Statement: { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
};

describe('CreateStack', () => {
  it('makes resources in the order of their dependencies, and tells each step', async () => {
    const stack = await world.create('ordered', {
      Resources: {
        Last: queue('ordered-last', {
          RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['First', 'Arn'] }, maxReceiveCount: 3 },
        }),
        First: { Type: 'AWS::SQS::Queue' },
      },
      Outputs: { Name: { Value: { 'Fn::GetAtt': ['First', 'QueueName'] }, Description: 'its name' } },
    });
    expect(stack.StackStatus).toBe('CREATE_COMPLETE');
    expect(outputs(stack)['Name']).toMatch(/^ordered-First-[A-Z2-7]{12}$/);
    expect(await world.events('ordered')).toEqual([
      'ordered CREATE_IN_PROGRESS User Initiated',
      'First CREATE_IN_PROGRESS',
      'First CREATE_IN_PROGRESS Resource creation Initiated',
      'First CREATE_COMPLETE',
      'Last CREATE_IN_PROGRESS',
      'Last CREATE_IN_PROGRESS Resource creation Initiated',
      'Last CREATE_COMPLETE',
      'ordered CREATE_COMPLETE',
    ]);
  });

  it('reads YAML with short forms, parameters, conditions and mappings', async () => {
    const stack = await world.create(
      'yaml',
      `
Parameters:
  Stage: { Type: String, AllowedValues: [test, live] }
  Seconds: { Type: Number, Default: 40 }
  Secret: { Type: String, NoEcho: true, Default: hush }
Mappings:
  Names: { test: { Suffix: t }, live: { Suffix: l } }
Conditions:
  IsLive: !Equals [!Ref Stage, live]
Resources:
  Queue:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: !Sub
        - '\${AWS::StackName}-\${Suffix}'
        - Suffix: !FindInMap [Names, !Ref Stage, Suffix]
      VisibilityTimeout: !Ref Seconds
  OnlyLive:
    Type: AWS::SQS::Queue
    Condition: IsLive
Outputs:
  Arn: { Value: !GetAtt Queue.Arn }
  Live: { Value: !Ref OnlyLive, Condition: IsLive }
`,
      { Parameters: [{ ParameterKey: 'Stage', ParameterValue: 'test' }], Tags: [{ Key: 'team', Value: 'blue' }] },
    );
    expect(stack).toMatchObject({ StackStatus: 'CREATE_COMPLETE', Tags: [{ Key: 'team', Value: 'blue' }] });
    expect(outputs(stack)).toEqual({ Arn: 'arn:aws:sqs:us-east-1:123456789012:yaml-t' });
    expect(stack.Parameters).toContainEqual({ ParameterKey: 'Secret', ParameterValue: '****' });
    expect(Object.keys(await world.resources('yaml'))).toEqual(['Queue']);
  });

  it('removes everything again when one resource fails', async () => {
    const stack = await world.create('failing', {
      Resources: {
        Good: queue('failing-good'),
        Kept: queue('failing-kept', {}, { DeletionPolicy: 'Retain' }),
        KeptOnceMade: queue('failing-once', {}, { DeletionPolicy: 'RetainExceptOnCreate' }),
        Bad: broken('failing-bad', { DependsOn: ['Good', 'Kept', 'KeptOnceMade'] }),
        Never: queue('failing-never', {}, { DependsOn: 'Bad' }),
      },
    });
    expect(stack.StackStatus).toBe('ROLLBACK_COMPLETE');
    expect((await world.queues()).filter((name) => name.startsWith('failing'))).toEqual(['failing-kept']);
    expect(await logGroups()).not.toContain('failing-bad');
    const events = await world.events('failing');
    expect(events.find((event) => event.startsWith('Bad CREATE_FAILED '))).toBeDefined();
    expect(events).toContain(
      'failing ROLLBACK_IN_PROGRESS The following resource(s) failed to create: [Bad]. Rollback requested by user.',
    );
    expect(events).toContain('Kept DELETE_SKIPPED');
    expect(events.some((event) => event.startsWith('Never'))).toBe(false);
  });

  it('keeps what it made when told so', async () => {
    const stack = await world.create(
      'kept',
      { Resources: { Good: queue('kept-good'), Bad: broken('kept-bad', { DependsOn: 'Good' }) } },
      { OnFailure: 'DO_NOTHING' },
    );
    expect(stack.StackStatus).toBe('CREATE_FAILED');
    expect(await world.queues()).toContain('kept-good');
    expect((await world.delete('kept')).StackStatus).toBe('DELETE_COMPLETE');
    expect(await world.queues()).not.toContain('kept-good');
    expect(await logGroups()).not.toContain('kept-bad');
  });

  it('leaves alone what somebody else made under the same name', async () => {
    await world.create('owner', { Resources: { Queue: queue('owned') } });
    const stack = await world.create('thief', { Resources: { Queue: queue('owned') } });
    expect(stack.StackStatus).toBe('ROLLBACK_COMPLETE');
    expect(await world.queues()).toContain('owned');
  });

  it('deletes the stack on failure when told so', async () => {
    const stack = await world.create('gone', { Resources: { Bad: broken('gone-bad') } }, { OnFailure: 'DELETE' });
    expect(stack.StackStatus).toBe('DELETE_COMPLETE');
    await expect(world.stack('gone')).rejects.toThrow('Stack with id gone does not exist');
  });

  it.each([
    [
      'a resource type that it does not have',
      { Resources: { A: { Type: 'AWS::Foo::Bar' } } },
      'Template format error: Unrecognized resource types: [AWS::Foo::Bar]',
    ],
    [
      'a reference to nothing',
      { Resources: { A: queue('a', { KmsMasterKeyId: { Ref: 'B' } }) } },
      'Unresolved resource dependencies [B]',
    ],
    [
      'a circle',
      { Resources: { A: queue('a', {}, { DependsOn: 'B' }), B: queue('b', {}, { DependsOn: 'A' }) } },
      'Circular dependency between resources: [A, B]',
    ],
    [
      'an attribute that there is not',
      { Resources: { A: queue('a') }, Outputs: { O: { Value: { 'Fn::GetAtt': ['A', 'Nope'] } } } },
      'does not support attribute type Nope',
    ],
    [
      'a parameter without a value',
      { Parameters: { P: { Type: 'String' } }, Resources: { A: queue('a') } },
      'Parameters: [P] must have values',
    ],
  ])('refuses %s at once', async (_, template, message) => {
    await expect(world.create('refused', template)).rejects.toThrow(message);
    await expect(world.stack('refused')).rejects.toThrow('does not exist');
  });

  it('wants roles to be acknowledged', async () => {
    const template = {
      Resources: { Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: trust } } },
    };
    await expect(world.create('role', template)).rejects.toMatchObject({
      name: 'InsufficientCapabilitiesException',
      message: 'Requires capabilities : [CAPABILITY_IAM]',
    });
    const stack = await world.create('role', template, { Capabilities: ['CAPABILITY_IAM'] });
    expect(stack.StackStatus).toBe('CREATE_COMPLETE');
    await expect(world.create('role', template, { Capabilities: ['CAPABILITY_IAM'] })).rejects.toMatchObject({
      name: 'AlreadyExistsException',
    });
  });
});
