import { readFileSync } from 'node:fs';
import { coreEnvironmentFromOutputs, coreOutputPaths, parseCoreEnvironment, type Template } from '@bclaw/compiler';
import { describe, expect, it } from 'vitest';
import { coreTemplate } from '../src/index.js';
import { evaluated, holds, references } from './intrinsics.js';

const codeKeys = { launcher: 'launcher/1111.zip', functions: 'functions/2222.zip', macro: 'macro/3333.zip' };
const template = coreTemplate({ codeKeys, bclawVersion: '1.0.0' });

const idsLike = (pattern: RegExp, of: Template = template) =>
  Object.keys(of.Resources).filter((id) => pattern.test(id));

/** A resource's properties and attributes, as plain data. */
function resource(id: string): object {
  const found = template.Resources[id];
  if (found === undefined) throw new Error(`The core stack has no resource ${id}.`);
  return found;
}

describe('the core stack', () => {
  it('has what an installation needs', () => {
    expect(
      Object.fromEntries(Object.entries(template.Resources).map(([id, { Type }]) => [id, Type])),
    ).toMatchSnapshot();
  });

  it('refers only to what it has', () => {
    const known = new Set([...Object.keys(template.Parameters ?? {}), ...Object.keys(template.Resources)]);
    expect(references(template).filter((name) => !known.has(name) && !name.startsWith('AWS::'))).toEqual([]);
  });

  it('uses every parameter', () => {
    const used = new Set(references(template));
    expect(Object.keys(template.Parameters ?? {}).filter((name) => !used.has(name))).toEqual([]);
  });

  it('asks for nothing that it could know: four parameters have no default', () => {
    const required = Object.entries(template.Parameters ?? {}).filter(([, parameter]) => !('Default' in parameter));
    expect(required.map(([name]) => name)).toEqual(['CodeBucket', 'RunnerImage', 'SubnetIds', 'SecurityGroupIds']);
  });

  it('is the same for the same options', () => {
    expect(JSON.stringify(coreTemplate({ codeKeys, bclawVersion: '1.0.0' }))).toBe(JSON.stringify(template));
  });

  it('needs no capability beyond unnamed roles', () => {
    for (const { Type, Properties } of Object.values(template.Resources)) {
      if (Type.startsWith('AWS::IAM::')) expect(Properties).not.toHaveProperty('RoleName');
    }
  });
});

describe('the outputs of the core stack', () => {
  const outputs = Object.fromEntries(
    Object.entries(template.Outputs).map(([name, { Value }]) => [name, evaluated(Value, name)]),
  );

  it('are those that compiled workflows need, and those of the installation', () => {
    expect(Object.keys(template.Outputs)).toEqual([
      ...Object.keys(coreOutputPaths),
      'NotificationsTopicArn',
      'MacroName',
      'BclawVersion',
    ]);
  });

  it('tell the same as the environment of the macro', () => {
    const { Properties } = resource('MacroFunction') as {
      Properties: { Environment: { Variables: { BC_CORE: unknown } } };
    };
    const values = { LogRetentionDays: '90' };
    const fromMacro = parseCoreEnvironment(evaluated(Properties.Environment.Variables.BC_CORE, '', values));
    const fromOutputs = coreEnvironmentFromOutputs(
      { ...outputs, LogRetentionDays: '90' },
      {
        stackName: '<AWS::StackName>',
        accountId: '<AWS::AccountId>',
        region: '<AWS::Region>',
        partition: '<AWS::Partition>',
      },
    );
    expect(fromMacro).toEqual(fromOutputs);
    expect(fromMacro.functions.initialize).toMatch(/^<InitializeVersion[0-9a-f]{8}>$/);
  });
});

describe('function versions', () => {
  const versions = (functions: string) =>
    idsLike(/^InitializeVersion/, coreTemplate({ codeKeys: { ...codeKeys, functions }, bclawVersion: '1.0.0' }));

  it('are new for new code, and only then', () => {
    expect(versions('functions/2222.zip')).toEqual(versions('functions/2222.zip'));
    expect(versions('functions/4444.zip')).not.toEqual(versions('functions/2222.zip'));
    const released = coreTemplate({ codeKeys: { ...codeKeys, launcher: 'launcher/5.zip' }, bclawVersion: '2.0.0' });
    expect(idsLike(/^InitializeVersion/, released)).toEqual(versions('functions/2222.zip'));
  });

  it('stay when newer ones come, for the workflows that call them', () => {
    const [id = ''] = idsLike(/^InitializeVersion/);
    expect(resource(id)).toMatchObject({ DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' });
  });
});

describe('the launcher bucket', () => {
  it('is versioned, private, encrypted, heard by EventBridge, and survives its stack', () => {
    expect(resource('LauncherBucket')).toMatchSnapshot();
    expect(resource('LauncherBucketPolicy')).toMatchSnapshot();
  });
});

describe('roles', () => {
  it.each(idsLike(/Role$/))('%s may do this', (id) => {
    const { Properties } = resource(id) as { Properties: { Policies?: unknown; ManagedPolicyArns?: unknown } };
    expect({ managed: Properties.ManagedPolicyArns, policies: Properties.Policies }).toMatchSnapshot();
  });
});

describe('queues', () => {
  it.each(['SpotQueue', 'OnDemandQueue', 'SpotGpuQueue', 'OnDemandGpuQueue'])('%s is fair among workflows', (id) => {
    expect(resource(id)).toMatchObject({
      Properties: { SchedulingPolicyArn: { 'Fn::GetAtt': ['SchedulingPolicy', 'Arn'] } },
    });
  });

  it('have hosts that fit: spot or not, GPU or not', () => {
    expect(resource('SpotGpuComputeEnvironment')).toMatchSnapshot();
    expect(resource('OnDemandComputeEnvironment')).toMatchObject({
      Properties: { ComputeResources: { Type: 'EC2', InstanceTypes: { Ref: 'InstanceTypes' } } },
    });
  });

  it('have hosts with room at the path that job definitions mount', () => {
    expect(JSON.stringify(resource('HostLaunchTemplate'))).toContain('mount /dev/sdh /scratch');
  });
});

describe('notifications', () => {
  it('are of jobs, not of the branches of a scatter, which are executions, too', () => {
    expect(resource('JobStatusRule')).toMatchObject({
      Type: 'AWS::Events::Rule',
      Properties: {
        EventPattern: {
          source: ['aws.states'],
          'detail-type': ['Step Functions Execution Status Change'],
          detail: { executionArn: [{ 'anything-but': { wildcard: '*:execution:*/*' } }] },
        },
        Targets: [{ Arn: { 'Fn::GetAtt': ['NotifyFunction', 'Arn'] } }],
      },
    });
  });

  it('go to the one topic, about job files of the one launcher bucket, by a function that only the rule may call', () => {
    expect(resource('NotifyFunction')).toMatchObject({
      Properties: {
        Handler: 'index.notify',
        Environment: {
          Variables: { TOPIC_ARN: { Ref: 'NotificationsTopic' }, LAUNCHER_BUCKET: { Ref: 'LauncherBucket' } },
        },
      },
    });
    expect(resource('NotifyPermission')).toMatchObject({
      Properties: {
        FunctionName: { Ref: 'NotifyFunction' },
        Principal: 'events.amazonaws.com',
        SourceArn: { 'Fn::GetAtt': ['JobStatusRule', 'Arn'] },
      },
    });
  });
});

describe('hosts with GPUs', () => {
  const defaults = Object.fromEntries(
    Object.entries(template.Parameters ?? {}).map(([name, { Type, Default }]) => [
      name,
      Type === 'CommaDelimitedList' ? String(Default ?? '').split(',') : String(Default ?? ''),
    ]),
  );
  const has = (condition: string, region: string, values: Readonly<Record<string, string | readonly string[]>> = {}) =>
    holds(condition, template.Conditions ?? {}, { ...defaults, 'AWS::Region': region, ...values });

  it.each([
    ['us-east-1', true, true],
    ['us-gov-west-1', true, false],
    ['ap-southeast-3', false, true],
    ['ca-west-1', false, false],
  ])('are in %s of the families that it has', (region, g4dn, g5) => {
    expect([has('HasG4dn', region), has('HasG5', region)]).toEqual([g4dn, g5]);
    expect(has('HasGpuPools', region)).toBe(g4dn || g5);
  });

  it('are where the parameters name a family, and nowhere if they want none', () => {
    expect(has('HasGpuPools', 'ca-west-1', { GpuInstanceTypes: ['g6'] })).toBe(true);
    expect(has('HasGpuPools', 'us-east-1', { GpuAmiId: 'none' })).toBe(false);
  });

  it('are all or none of the resources of both GPU queues', () => {
    const conditional = Object.entries(template.Resources).filter(([, { Condition }]) => Condition === 'HasGpuPools');
    expect(conditional.map(([id]) => id)).toEqual(idsLike(/Gpu/));
    expect(template.Outputs['SpotGpuQueueArn']?.Value).toEqual({
      'Fn::If': ['HasGpuPools', { 'Fn::GetAtt': ['SpotGpuQueue', 'JobQueueArn'] }, 'none'],
    });
  });

  it.each([
    ['WritableObjects', 'WritesToOtherBuckets', ['arn:aws:s3:::theirs/*']],
    ['KmsKeyArns', 'UsesKmsKeys', ['arn:aws:kms:us-east-1:123456789012:key/1']],
    ['StatesPolicyArns', 'HasStatesPolicies', ['arn:aws:iam::123456789012:policy/mine']],
    ['StateMachineArns', 'UsesOtherStateMachines', ['arn:aws:states:us-east-1:123456789012:stateMachine:x']],
    ['LoggingDestinationArn', 'HasLogDestination', 'arn:aws:logs:us-east-1:123456789012:destination:all'],
    ['AmiId', 'HasAmi', 'ami-1'],
    ['LauncherBucketName', 'HasLauncherBucketName', 'my-launcher'],
  ])('%s is used only when it is given', (parameter, condition, value) => {
    expect(has(condition, 'us-east-1')).toBe(false);
    expect(has(condition, 'us-east-1', { [parameter]: value })).toBe(true);
  });
});

describe('the reference of the core stack', () => {
  it('lists every parameter with its default', () => {
    const page = readFileSync(new URL('../../../docs/reference/core-stack.md', import.meta.url), 'utf8');
    const rows = [...page.matchAll(/^\| `(\w+)` \| (.*?) \|/gm)].map(([, name, fallback]) => [name, fallback]);
    const written = (value: unknown) => (value === undefined ? 'required' : value === '' ? 'none' : `\`${value}\``);
    const parameters = Object.entries(template.Parameters ?? {}).filter(([name]) => !name.endsWith('CodeKey'));
    expect(rows).toEqual(parameters.map(([name, { Default }]) => [name, written(Default)]));
  });
});
