import { strToU8, zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../src/services/cloudformation/json.js';
import { at, ResourceWorld, typeNamed } from './resource-world.js';

const account = '123456789012';
const role = `arn:aws:iam::${account}:role/some`;
const arn = (service: string, resource: string) => `arn:aws:${service}:us-east-1:${account}:${resource}`;
const tags = (...values: readonly string[]) => values.map((value) => ({ Key: 'color', Value: value }));
const passing = JSON.stringify({ StartAt: 'A', States: { A: { Type: 'Pass', Comment: '${Name}', End: true } } });

/** A resource from its birth to its end. */
interface Life {
  readonly type: string;
  readonly properties: JsonObject;
  readonly changed: JsonObject;
  readonly physicalId: string | RegExp;
  readonly attributes: JsonObject;
  /** An operation that shows what the service has, and what of its answer the changed properties determine. */
  readonly shows?: {
    readonly operation: readonly [service: string, name: string, input: object];
    readonly path: readonly (string | number)[];
    readonly before: unknown;
    readonly after: unknown;
  };
}

const lives: readonly Life[] = [
  {
    type: 'AWS::S3::Bucket',
    properties: { BucketName: 'a-bucket', VersioningConfiguration: { Status: 'Enabled' }, Tags: tags('red') },
    changed: { BucketName: 'a-bucket', Tags: tags('blue') },
    physicalId: 'a-bucket',
    attributes: { Arn: 'arn:aws:s3:::a-bucket', RegionalDomainName: 'a-bucket.s3.us-east-1.amazonaws.com' },
    shows: {
      operation: ['s3', 'GetBucketVersioning', { Bucket: 'a-bucket' }],
      path: ['Status'],
      before: 'Enabled',
      after: 'Suspended',
    },
  },
  {
    type: 'AWS::S3::BucketPolicy',
    properties: { Bucket: 'code', PolicyDocument: { Version: '2012-10-17', Statement: [] } },
    changed: { Bucket: 'code', PolicyDocument: { Version: '2008-10-17', Statement: [] } },
    physicalId: 'code',
    attributes: {},
    shows: {
      operation: ['s3', 'GetBucketPolicy', { Bucket: 'code' }],
      path: ['Policy'],
      before: '{"Version":"2012-10-17","Statement":[]}',
      after: '{"Version":"2008-10-17","Statement":[]}',
    },
  },
  {
    type: 'AWS::SQS::Queue',
    properties: { QueueName: 'q', MessageRetentionPeriod: '600' },
    changed: { QueueName: 'q', VisibilityTimeout: 60 },
    physicalId: /\/123456789012\/q$/,
    attributes: { Arn: arn('sqs', 'q'), QueueName: 'q' },
    shows: {
      operation: ['sqs', 'GetQueueAttributes', { QueueUrl: 'q', AttributeNames: ['MessageRetentionPeriod'] }],
      path: ['Attributes', 'MessageRetentionPeriod'],
      before: '600',
      after: '345600',
    },
  },
  {
    type: 'AWS::Logs::LogGroup',
    properties: { LogGroupName: '/a/group', RetentionInDays: 30, Tags: tags('red') },
    changed: { LogGroupName: '/a/group', Tags: tags('blue') },
    physicalId: '/a/group',
    attributes: { Arn: arn('logs', 'log-group:/a/group:*') },
    shows: {
      operation: ['logs', 'DescribeLogGroups', { logGroupNamePrefix: '/a/group' }],
      path: ['logGroups', 0, 'retentionInDays'],
      before: 30,
      after: undefined,
    },
  },
  {
    type: 'AWS::SecretsManager::Secret',
    properties: { Name: 'a-secret', SecretString: 'one' },
    changed: { Name: 'a-secret', SecretString: 'two' },
    physicalId: /:secret:a-secret-/,
    attributes: {},
    shows: {
      operation: ['secretsmanager', 'GetSecretValue', { SecretId: 'a-secret' }],
      path: ['SecretString'],
      before: 'one',
      after: 'two',
    },
  },
  {
    type: 'AWS::Lambda::Function',
    properties: {
      FunctionName: 'f',
      Role: role,
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Code: { ZipFile: 'exports.handler = async () => 1;' },
      MemorySize: '256',
      Environment: { Variables: { COLOR: 'red' } },
    },
    changed: {
      FunctionName: 'f',
      Role: role,
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Code: { S3Bucket: 'code', S3Key: 'other.zip' },
    },
    physicalId: 'f',
    attributes: { Arn: arn('lambda', 'function:f') },
    shows: {
      operation: ['lambda', 'GetFunctionConfiguration', { FunctionName: 'f' }],
      path: ['MemorySize'],
      before: 256,
      after: 128,
    },
  },
  {
    type: 'AWS::Lambda::Alias',
    properties: {
      FunctionName: 'kept',
      Name: 'live',
      FunctionVersion: '1',
      RoutingConfig: { AdditionalVersionWeights: [{ FunctionVersion: '2', FunctionWeight: 0.1 }] },
    },
    changed: { FunctionName: 'kept', Name: 'live', FunctionVersion: '2' },
    physicalId: arn('lambda', 'function:kept:live'),
    attributes: { AliasArn: arn('lambda', 'function:kept:live') },
    shows: {
      operation: ['lambda', 'GetAlias', { FunctionName: 'kept', Name: 'live' }],
      path: ['RoutingConfig'],
      before: { AdditionalVersionWeights: { 2: 0.1 } },
      after: undefined,
    },
  },
  {
    type: 'AWS::Lambda::EventInvokeConfig',
    properties: { FunctionName: 'kept', Qualifier: '1', MaximumRetryAttempts: 1 },
    changed: { FunctionName: 'kept', Qualifier: '1', MaximumRetryAttempts: 2 },
    physicalId: 'kept|1',
    attributes: {},
    shows: {
      operation: ['lambda', 'GetFunctionEventInvokeConfig', { FunctionName: 'kept', Qualifier: '1' }],
      path: ['MaximumRetryAttempts'],
      before: 1,
      after: 2,
    },
  },
  {
    type: 'AWS::StepFunctions::StateMachine',
    properties: {
      StateMachineName: 'm',
      RoleArn: role,
      DefinitionString: passing,
      DefinitionSubstitutions: { Name: 'one' },
      LoggingConfiguration: { Level: 'OFF', IncludeExecutionData: true },
    },
    changed: {
      StateMachineName: 'm',
      RoleArn: role,
      DefinitionString: passing,
      DefinitionSubstitutions: { Name: 'two' },
    },
    physicalId: arn('states', 'stateMachine:m'),
    attributes: { Arn: arn('states', 'stateMachine:m'), Name: 'm' },
    shows: {
      operation: ['states', 'DescribeStateMachine', { stateMachineArn: arn('states', 'stateMachine:m') }],
      path: ['definition'],
      before: passing.replace('${Name}', 'one'),
      after: passing.replace('${Name}', 'two'),
    },
  },
  {
    type: 'AWS::Batch::ComputeEnvironment',
    properties: {
      ComputeEnvironmentName: 'c',
      Type: 'managed',
      ComputeResources: { Type: 'EC2', MaxvCpus: '4', Subnets: ['subnet-1'] },
    },
    changed: {
      ComputeEnvironmentName: 'c',
      Type: 'managed',
      ComputeResources: { Type: 'EC2', MaxvCpus: 8, Subnets: ['subnet-1'] },
    },
    physicalId: arn('batch', 'compute-environment/c'),
    attributes: { ComputeEnvironmentArn: arn('batch', 'compute-environment/c') },
    shows: {
      operation: ['batch', 'DescribeComputeEnvironments', { computeEnvironments: ['c'] }],
      path: ['computeEnvironments', 0, 'computeResources', 'maxvCpus'],
      before: 4,
      after: 8,
    },
  },
  {
    type: 'AWS::Batch::SchedulingPolicy',
    properties: { Name: 'p', FairsharePolicy: { ShareDecaySeconds: 60 } },
    changed: { Name: 'p', FairsharePolicy: { ShareDecaySeconds: 120 } },
    physicalId: arn('batch', 'scheduling-policy/p'),
    attributes: { Arn: arn('batch', 'scheduling-policy/p') },
    shows: {
      operation: ['batch', 'DescribeSchedulingPolicies', { arns: [arn('batch', 'scheduling-policy/p')] }],
      path: ['schedulingPolicies', 0, 'fairsharePolicy', 'shareDecaySeconds'],
      before: 60,
      after: 120,
    },
  },
  {
    type: 'AWS::Batch::JobQueue',
    properties: {
      JobQueueName: 'jq',
      Priority: 1,
      ComputeEnvironmentOrder: [{ Order: 1, ComputeEnvironment: 'kept' }],
    },
    changed: {
      JobQueueName: 'jq',
      Priority: 2,
      ComputeEnvironmentOrder: [{ Order: 1, ComputeEnvironment: 'kept' }],
    },
    physicalId: arn('batch', 'job-queue/jq'),
    attributes: { JobQueueArn: arn('batch', 'job-queue/jq') },
    shows: {
      operation: ['batch', 'DescribeJobQueues', { jobQueues: ['jq'] }],
      path: ['jobQueues', 0, 'priority'],
      before: 1,
      after: 2,
    },
  },
  {
    type: 'AWS::Events::Rule',
    properties: {
      Name: 'r',
      EventPattern: { source: ['aws.s3'] },
      Targets: [{ Id: 'one', Arn: arn('sqs', 'kept') }],
    },
    changed: {
      Name: 'r',
      EventPattern: { source: ['aws.batch'] },
      Targets: [{ Id: 'two', Arn: arn('sqs', 'kept') }],
    },
    physicalId: 'r',
    attributes: { Arn: arn('events', 'rule/r') },
    shows: {
      operation: ['events', 'ListTargetsByRule', { Rule: 'r' }],
      path: ['Targets'],
      before: [{ Id: 'one', Arn: arn('sqs', 'kept') }],
      after: [{ Id: 'two', Arn: arn('sqs', 'kept') }],
    },
  },
  {
    type: 'AWS::SNS::Topic',
    properties: { TopicName: 't', DisplayName: 'red' },
    changed: { TopicName: 't' },
    physicalId: arn('sns', 't'),
    attributes: { TopicArn: arn('sns', 't'), TopicName: 't' },
    shows: {
      operation: ['sns', 'GetTopicAttributes', { TopicArn: arn('sns', 't') }],
      path: ['Attributes', 'DisplayName'],
      before: 'red',
      after: '',
    },
  },
];

describe('resource types with a name', () => {
  let world: ResourceWorld;
  beforeAll(async () => {
    world = await ResourceWorld.start();
    await world.create('AWS::S3::Bucket', { BucketName: 'code' });
    const zip = (source: string) => zipSync({ 'index.js': strToU8(source) });
    const put = (Key: string, source: string) =>
      world.call('s3', 'PutObject', { Bucket: 'code', Key, Body: zip(source) });
    await put('other.zip', 'exports.handler = async () => 2;');
    const kept = { FunctionName: 'kept', Role: role, Runtime: 'nodejs24.x', Handler: 'index.handler' };
    await world.call('lambda', 'CreateFunction', { ...kept, Code: { ZipFile: zip('1') }, Publish: true });
    await world.call('lambda', 'UpdateFunctionCode', { FunctionName: 'kept', ZipFile: zip('2'), Publish: true });
    await world.call('batch', 'CreateComputeEnvironment', { computeEnvironmentName: 'kept', type: 'UNMANAGED' });
    await world.call('sqs', 'CreateQueue', { QueueName: 'kept' });
  });
  afterAll(() => world.close());

  describe.each(lives)('$type', ({ type, properties, changed, physicalId, attributes, shows }) => {
    const shown = async () =>
      shows === undefined ? undefined : at(await world.call(...shows.operation), ...shows.path);

    it('is created, found, changed and removed', async () => {
      expect(await world.find(type, properties)).toBeUndefined();
      const created = await world.create(type, properties);
      expect(created.physicalId).toEqual(
        typeof physicalId === 'string' ? physicalId : expect.stringMatching(physicalId),
      );
      expect(created.attributes).toMatchObject(attributes);
      expect(Object.keys(created.attributes).sort()).toEqual([...typeNamed(type).attributes].sort());
      expect(await shown()).toEqual(shows?.before);
      expect(await world.find(type, properties)).toEqual({
        physicalId: created.physicalId,
        attributes: created.attributes,
      });

      const updated = await world.update(type, created, changed);
      expect(updated.physicalId).toBe(created.physicalId);
      expect(await shown()).toEqual(shows?.after);
      // A killed engine may do it a second time.
      await world.update(type, created, changed);
      expect(await shown()).toEqual(shows?.after);

      await world.delete(type, updated);
      expect(await world.find(type, properties)).toBeUndefined();
      await world.delete(type, updated);
    });
  });
});
