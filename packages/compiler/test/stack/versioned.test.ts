import { describe, expect, it } from 'vitest';
import { compiled, ofVersion, options, resource } from '../compiled.js';
import { align, core, sort, workflow } from '../workflows.js';

const versioned = workflow([align, sort]);
const resources = compiled(versioned).template.Resources;

const idsOf = (deploymentId: string) => Object.keys(compiled(versioned, { deploymentId }).template.Resources);

describe('the stack of a versioned workflow', () => {
  it('creates what belongs to a version anew in each deployment, and replaces nothing', () => {
    const inBoth = idsOf('first').filter((id) => idsOf('second').includes(id));
    expect(inBoth.filter((id) => /Version|StateMachine|JobDefinition/.test(id))).toEqual([]);
    expect(inBoth).toHaveLength(10);
  });

  it('keeps what belongs to older versions, and removes what a failed deployment has created', () => {
    const policies = Object.entries(resources).map(([id, { Type: _, Properties: __, DependsOn: ___, ...rest }]) => [
      id,
      rest,
    ]);
    const retained = { DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' };
    expect(Object.fromEntries(policies)).toMatchObject(
      Object.fromEntries(
        ['LauncherVersion', 'AlignJobDefinition', 'SortReadsJobDefinition', 'StateMachine', 'StateMachineVersion'].map(
          (name) => [ofVersion(name), retained],
        ),
      ),
    );
  });

  it('publishes a launcher version with the digest of the definition', () => {
    expect(resource(versioned, 'LauncherVersion')).toMatchSnapshot();
  });

  it('gives the function an environment that makes every deployment new', () => {
    expect(resource(versioned, 'Launcher')).toMatchSnapshot();
  });

  it('names the state machine after the version', () => {
    const { Properties } = resource(versioned, 'StateMachine') as { Properties: object };
    expect({ ...Properties, DefinitionString: 'elsewhere' }).toMatchSnapshot();
  });

  it('publishes the state machine, so that starts can be stopped without stopping what runs', () => {
    expect(resource(versioned, 'StateMachineVersion')).toEqual({
      Type: 'AWS::StepFunctions::StateMachineVersion',
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        StateMachineArn: { Ref: ofVersion('StateMachine') },
        Description: 'Started by job files from the launch queue',
      },
    });
  });

  it('names job definitions after step and version', () => {
    expect(resource(versioned, 'SortReadsJobDefinition')).toMatchObject({
      Properties: {
        JobDefinitionName: {
          'Fn::Sub': [
            '${AWS::StackName}-sort-reads--${Version}',
            { Version: { 'Fn::GetAtt': [ofVersion('LauncherVersion'), 'Version'] } },
          ],
        },
      },
    });
  });

  it('moves the alias only after the state machine and every job definition', () => {
    expect(resource(versioned, 'Live')).toMatchSnapshot();
  });

  it('sends the job files of this workflow to the queue, and its messages to the alias', () => {
    expect(resource(versioned, 'JobFileRule')).toMatchSnapshot();
    expect(resource(versioned, 'LaunchQueue')).toMatchSnapshot();
    expect(resource(versioned, 'LaunchQueuePolicy')).toMatchSnapshot();
    expect(resource(versioned, 'LaunchQueueMapping')).toMatchSnapshot();
  });

  it('makes queue, policy and mapping before the rule leads to them, so that an update loses no event', () => {
    expect(resource(versioned, 'JobFileRule')).toMatchObject({
      DependsOn: ['LaunchQueuePolicy', 'LaunchQueueMapping'],
    });
    expect(JSON.stringify(resource(versioned, 'LaunchQueuePolicy'))).not.toContain('JobFileRule');
  });

  it('still takes events that come to the alias directly, and sends failures to the dead-letter queue', () => {
    expect(resource(versioned, 'LauncherPermission')).toMatchSnapshot();
    expect(resource(versioned, 'LauncherInvokeConfig')).toMatchSnapshot();
  });

  it('lets the launcher start executions of this workflow and of no other', () => {
    expect(resource(versioned, 'LauncherRole')).toMatchSnapshot();
  });

  it('tags every resource that takes tags', () => {
    const expected = {
      'bclaw:workflow': { Ref: 'AWS::StackName' },
      'bclaw:version': '1.0.0',
      'bclaw:core-stack-name': core.coreStackName,
      'bclaw:deployment': options.deploymentId,
    };
    const untaggable = [
      'AWS::Lambda::Version',
      'AWS::Lambda::Alias',
      'AWS::Lambda::Permission',
      'AWS::Lambda::EventInvokeConfig',
      'AWS::StepFunctions::StateMachineVersion',
      'AWS::SQS::QueuePolicy',
    ];
    for (const { Type, Properties } of Object.values(resources)) {
      if (untaggable.includes(Type)) continue;
      const { Tags } = Properties as { Tags: Record<string, unknown> | readonly { Key: string; Value: unknown }[] };
      const tags = Array.isArray(Tags) ? Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value])) : Tags;
      expect(tags, Type).toEqual(expected);
    }
  });
});
