import { describe, expect, it } from 'vitest';
import { compiled, options, resource } from '../compiled.js';
import { align, core, sort, workflow } from '../workflows.js';

const versioned = workflow([align, sort]);
const resources = compiled(versioned).template.Resources;

/** The id of the version resource in the stack of a deployment. */
const versionIds = (deploymentId: string) =>
  Object.keys(compiled(versioned, { deploymentId }).template.Resources).filter((id) => /^LauncherVersion/.test(id));

describe('the stack of a versioned workflow', () => {
  it('publishes a launcher version of its own for each deployment, and keeps the older ones', () => {
    expect(versionIds('first')).toHaveLength(1);
    expect(versionIds('first')).not.toEqual(versionIds('second'));
    const [id = ''] = versionIds(options.deploymentId);
    expect(resource(versioned, id)).toMatchSnapshot();
  });

  it('gives the function an environment that makes every deployment new', () => {
    expect(resource(versioned, 'Launcher')).toMatchSnapshot();
  });

  it('names the state machine after the version, and keeps the replaced one', () => {
    const { Properties, ...attributes } = resource(versioned, 'StateMachine') as { Properties: object };
    expect(attributes).toEqual({
      Type: 'AWS::StepFunctions::StateMachine',
      DeletionPolicy: 'Delete',
      UpdateReplacePolicy: 'Retain',
    });
    expect({ ...Properties, DefinitionString: 'elsewhere' }).toMatchSnapshot();
  });

  it('publishes the state machine, so that starts can be stopped without stopping what runs', () => {
    expect(resource(versioned, 'StateMachineVersion')).toEqual({
      Type: 'AWS::StepFunctions::StateMachineVersion',
      DeletionPolicy: 'Delete',
      UpdateReplacePolicy: 'Retain',
      Properties: { StateMachineArn: { Ref: 'StateMachine' } },
    });
  });

  it('keeps job definitions that a later template drops or replaces', () => {
    expect(resource(versioned, 'SortReadsJobDefinition')).toMatchObject({
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        JobDefinitionName: {
          'Fn::Sub': [
            '${AWS::StackName}-sort-reads--${Version}',
            { Version: { 'Fn::GetAtt': [versionIds(options.deploymentId)[0], 'Version'] } },
          ],
        },
      },
    });
  });

  it('moves the alias only after the state machine and every job definition', () => {
    expect(resource(versioned, 'Live')).toMatchSnapshot();
  });

  it('sends the job files of this workflow to the alias, and failures to the dead-letter queue', () => {
    expect(resource(versioned, 'JobFileRule')).toMatchSnapshot();
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
    ];
    for (const { Type, Properties } of Object.values(resources)) {
      if (untaggable.includes(Type)) continue;
      const { Tags } = Properties as { Tags: Record<string, unknown> | readonly { Key: string; Value: unknown }[] };
      const tags = Array.isArray(Tags) ? Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value])) : Tags;
      expect(tags, Type).toEqual(expected);
    }
  });
});
