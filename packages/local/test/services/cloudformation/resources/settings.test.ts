import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at, ResourceWorld, typeNamed } from './resource-world.js';

const role = 'arn:aws:iam::123456789012:role/some';

const trust = {
  Statement: { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
};
const policy = { Statement: { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' } };

describe('resource types and what they set', () => {
  let world: ResourceWorld;
  beforeAll(async () => {
    world = await ResourceWorld.start();
  });
  afterAll(() => world.close());

  describe('AWS::S3::Bucket', () => {
    const type = 'AWS::S3::Bucket';

    it('sends events to EventBridge, until the template says no more', async () => {
      const BucketName = 'with-events';
      const bucket = await world.create(type, {
        BucketName,
        NotificationConfiguration: { EventBridgeConfiguration: {} },
      });
      const shown = () => world.call('s3', 'GetBucketNotificationConfiguration', { Bucket: BucketName });
      expect(await shown()).toMatchObject({ EventBridgeConfiguration: {} });
      await world.update(type, bucket, { BucketName });
      expect((await shown())['EventBridgeConfiguration']).toBeUndefined();
    });

    it('writes lifecycle rules as S3 reads them', async () => {
      const BucketName = 'with-rules';
      await world.create(type, {
        BucketName,
        LifecycleConfiguration: {
          Rules: [
            {
              Id: 'one',
              Status: 'Enabled',
              Prefix: 'a/',
              ExpirationInDays: '30',
              NoncurrentVersionExpiration: { NoncurrentDays: 1 },
            },
            { Id: 'two', Status: 'Enabled', AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } },
            {
              Id: 'three',
              Status: 'Disabled',
              Prefix: 'b/',
              TagFilters: [{ Key: 'k', Value: 'v' }],
              ExpiredObjectDeleteMarker: true,
            },
          ],
        },
      });
      expect(await world.call('s3', 'GetBucketLifecycleConfiguration', { Bucket: BucketName })).toEqual({
        Rules: [
          {
            ID: 'one',
            Status: 'Enabled',
            Filter: { Prefix: 'a/' },
            Expiration: { Days: 30 },
            NoncurrentVersionExpiration: { NoncurrentDays: 1 },
          },
          {
            ID: 'two',
            Status: 'Enabled',
            Filter: { Prefix: '' },
            AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
          },
          {
            ID: 'three',
            Status: 'Disabled',
            Filter: { And: { Prefix: 'b/', Tags: [{ Key: 'k', Value: 'v' }] } },
            Expiration: { ExpiredObjectDeleteMarker: true },
          },
        ],
      });
    });

    it('is not deleted while it has objects', async () => {
      const bucket = await world.create(type, { BucketName: 'full' });
      await world.call('s3', 'PutObject', { Bucket: 'full', Key: 'k', Body: 'x' });
      await expect(world.delete(type, bucket)).rejects.toMatchObject({ code: 'BucketNotEmpty' });
    });

    it('gets a name in small letters when the template gives none', async () => {
      expect((await world.create(type, {}, 'MyBucket')).physicalId).toBe('stack-mybucket-1a2b3c');
    });
  });

  describe('AWS::StepFunctions::StateMachine', () => {
    const type = 'AWS::StepFunctions::StateMachine';
    const definition = { StartAt: 'A', States: { A: { Type: 'Pass', Comment: '${Name} ${Other}', End: true } } };
    const definitionOf = async (stateMachineArn: string) =>
      JSON.parse(String((await world.call('states', 'DescribeStateMachine', { stateMachineArn }))['definition']));
    const expected = { StartAt: 'A', States: { A: { Type: 'Pass', Comment: '$& ${Other}', End: true } } };
    const DefinitionSubstitutions = { Name: '$&' };

    it('takes its definition as an object, and replaces only what has a value', async () => {
      const { physicalId } = await world.create(
        type,
        { RoleArn: role, Definition: definition, DefinitionSubstitutions },
        'Object',
      );
      expect(await definitionOf(physicalId)).toEqual(expected);
    });

    it('takes its definition from S3', async () => {
      await world.create('AWS::S3::Bucket', { BucketName: 'definitions' });
      await world.call('s3', 'PutObject', { Bucket: 'definitions', Key: 'd', Body: JSON.stringify(definition) });
      const DefinitionS3Location = { Bucket: 'definitions', Key: 'd' };
      const { physicalId } = await world.create(
        type,
        { RoleArn: role, DefinitionS3Location, DefinitionSubstitutions },
        'Stored',
      );
      expect(await definitionOf(physicalId)).toEqual(expected);
    });

    it('refuses none and two definitions', async () => {
      await expect(world.create(type, { RoleArn: role })).rejects.toThrow(/here are none/);
      await expect(
        world.create(type, { RoleArn: role, Definition: definition, DefinitionString: '{}' }),
      ).rejects.toThrow(/Definition and DefinitionString/);
    });

    it('changes its revision id with each update', async () => {
      const properties = { RoleArn: role, Definition: definition };
      const machine = await world.create(type, properties, 'Revised');
      const updated = await world.update(type, machine, { ...properties, DefinitionSubstitutions });
      expect(machine.attributes['StateMachineRevisionId']).toBe('INITIAL');
      expect(updated.attributes['StateMachineRevisionId']).not.toBe('INITIAL');
      expect(typeNamed(type).changesOnUpdate).toEqual(['StateMachineRevisionId']);
    });
  });

  it('AWS::Lambda::Permission adds a statement to the policy of an alias, and takes it away', async () => {
    const type = 'AWS::Lambda::Permission';
    const FunctionName = 'permitted';
    const arn = `arn:aws:lambda:us-east-1:123456789012:function:${FunctionName}:live`;
    await world.create('AWS::Lambda::Function', {
      FunctionName,
      Role: role,
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Code: { ZipFile: '1' },
    });
    await world.create('AWS::Lambda::Alias', { FunctionName, Name: 'live', FunctionVersion: '$LATEST' });
    const properties = { FunctionName: arn, Action: 'lambda:InvokeFunction', Principal: 'events.amazonaws.com' };
    const permission = await world.create(type, properties, 'Allow');
    expect(permission.physicalId).toBe('stack-Allow-1A2B3C');
    expect(String((await world.call('lambda', 'GetPolicy', { FunctionName: arn }))['Policy'])).toContain(
      '"Sid":"stack-Allow-1A2B3C"',
    );
    expect(await world.find(type, properties, 'Allow')).toMatchObject({ physicalId: permission.physicalId });
    expect(await world.find(type, properties, 'Another')).toBeUndefined();
    await world.delete(type, permission);
    await world.delete(type, permission);
    expect(await world.find(type, properties, 'Allow')).toBeUndefined();
  });

  it('AWS::SQS::QueuePolicy moves from queue to queue', async () => {
    for (const QueueName of ['one', 'two']) await world.create('AWS::SQS::Queue', { QueueName });
    const policyOf = async (QueueUrl: string) =>
      at(
        await world.call('sqs', 'GetQueueAttributes', { QueueUrl, AttributeNames: ['Policy'] }),
        'Attributes',
        'Policy',
      );
    const type = 'AWS::SQS::QueuePolicy';
    const policy = await world.create(type, { Queues: ['one'], PolicyDocument: { Statement: [] } });
    expect(await policyOf('one')).toBe('{"Statement":[]}');
    const moved = await world.update(type, policy, { Queues: ['two'], PolicyDocument: { Statement: [] } });
    expect([await policyOf('one'), await policyOf('two')]).toEqual(['', '{"Statement":[]}']);
    await world.delete(type, moved);
    expect(await policyOf('two')).toBe('');
  });

  it('AWS::SNS::Subscription delivers as its attributes say', async () => {
    const topic = await world.create('AWS::SNS::Topic', {}, 'Topic');
    const queue = await world.create('AWS::SQS::Queue', {}, 'Subscriber');
    const type = 'AWS::SNS::Subscription';
    const properties = { Protocol: 'sqs', TopicArn: topic.physicalId, Endpoint: String(queue.attributes['Arn']) };
    const subscription = await world.create(type, { ...properties, RawMessageDelivery: true });
    const raw = async () =>
      at(
        await world.call('sns', 'GetSubscriptionAttributes', { SubscriptionArn: subscription.physicalId }),
        'Attributes',
        'RawMessageDelivery',
      );
    expect(await raw()).toBe('true');
    const updated = await world.update(type, subscription, properties);
    expect(await raw()).toBe('false');
    await world.delete(type, updated);
    expect(at(await world.call('sns', 'ListSubscriptions', {}), 'Subscriptions')).toEqual([]);
  });

  it('AWS::SNS::TopicPolicy leaves the topic with its first policy', async () => {
    const topic = await world.create('AWS::SNS::Topic', {}, 'Governed');
    const policyOf = async () =>
      at(await world.call('sns', 'GetTopicAttributes', { TopicArn: topic.physicalId }), 'Attributes', 'Policy');
    const type = 'AWS::SNS::TopicPolicy';
    const policy = await world.create(type, { Topics: [topic.physicalId], PolicyDocument: { Statement: [] } });
    expect(await policyOf()).toBe('{"Statement":[]}');
    await world.delete(type, policy);
    expect(await policyOf()).toContain('__default_policy_ID');
  });

  describe('AWS::SecretsManager::Secret', () => {
    const generated = async (recipe: Readonly<Record<string, string | number | boolean>>, logicalId: string) => {
      const { physicalId } = await world.create(
        'AWS::SecretsManager::Secret',
        { GenerateSecretString: recipe },
        logicalId,
      );
      return String((await world.call('secretsmanager', 'GetSecretValue', { SecretId: physicalId }))['SecretString']);
    };

    it('makes up a password with one of each kind of character', async () => {
      const password = await generated({ PasswordLength: 12, ExcludePunctuation: true, ExcludeCharacters: 'a0' }, 'A');
      expect(password).toMatch(/^[b-zA-Z1-9]{12}$/);
      for (const kind of [/[b-z]/, /[A-Z]/, /[1-9]/]) expect(password).toMatch(kind);
    });

    it('puts it into a JSON object', async () => {
      const recipe = { SecretStringTemplate: '{"user":"me"}', GenerateStringKey: 'password' };
      const value: unknown = JSON.parse(await generated(recipe, 'B'));
      expect(value).toMatchObject({ user: 'me', password: expect.stringMatching(/^.{32}$/) });
    });
  });

  it.each([
    ['AWS::IAM::Role', { AssumeRolePolicyDocument: trust }, 'Arn', 'arn:aws:iam::123456789012:role/stack-Thing-1A2B3C'],
    [
      'AWS::IAM::InstanceProfile',
      { Roles: ['r'] },
      'Arn',
      'arn:aws:iam::123456789012:instance-profile/stack-Thing-1A2B3C',
    ],
    [
      'AWS::IAM::ManagedPolicy',
      { PolicyDocument: policy, ManagedPolicyName: 'p', Path: '/x/' },
      'PolicyArn',
      'arn:aws:iam::123456789012:policy/x/p',
    ],
    ['AWS::IAM::Policy', { PolicyDocument: policy, PolicyName: 'p' }, 'Id', 'p'],
    ['AWS::EC2::SecurityGroup', { GroupDescription: 'd' }, 'GroupId', expect.stringMatching(/^sg-[0-9a-f]{17}$/)],
  ])('%s is recorded under the id that AWS would give', async (type, properties, attribute, expected) => {
    const created = await world.create(type, properties);
    expect(created.attributes[attribute]).toEqual(expected);
    expect(Object.keys(created.attributes).sort()).toEqual([...typeNamed(type).attributes].sort());
    expect(await world.create(type, properties)).toEqual(created);
  });

  it('AWS::CloudFormation::Macro is its name', async () => {
    const macro = await world.create('AWS::CloudFormation::Macro', { Name: 'M', FunctionName: 'f' });
    expect(macro).toEqual({ physicalId: 'M', attributes: {}, properties: { Name: 'M', FunctionName: 'f' } });
  });

  it('tells what a property should have been', async () => {
    await expect(world.create('AWS::SQS::Queue', { QueueNam: 'q' })).rejects.toThrow(
      'Properties validation failed for resource Thing with message:\n#: extraneous key [QueueNam] is not permitted',
    );
  });
});
