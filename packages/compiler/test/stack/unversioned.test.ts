import { describe, expect, it } from 'vitest';
import { compiled, resource } from '../compiled.js';
import { align, workflow } from '../workflows.js';

const unversioned = workflow([align], { versioned: false });
const { template } = compiled(unversioned);

describe('the stack of an unversioned workflow', () => {
  it('has no launcher version and no version output', () => {
    expect(Object.keys(template.Resources).filter((id) => id.startsWith('LauncherVersion'))).toEqual([]);
    expect(Object.keys(template.Outputs)).not.toContain('WorkflowVersion');
  });

  it('names state machine and job definitions without a number, and updates them in place', () => {
    expect(resource(unversioned, 'StateMachine')).toMatchObject({
      UpdateReplacePolicy: 'Delete',
      Properties: { StateMachineName: { 'Fn::Sub': '${AWS::StackName}' } },
    });
    const definition = resource(unversioned, 'AlignJobDefinition');
    expect(definition).toMatchObject({
      Properties: {
        JobDefinitionName: { 'Fn::Sub': '${AWS::StackName}-align' },
        ResourceRetentionPolicy: { SkipDeregisterOnUpdate: true },
      },
    });
  });

  it('keeps the job definition of a step that leaves the template, for jobs that have not come to it yet', () => {
    expect(resource(unversioned, 'AlignJobDefinition')).toMatchObject({
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
    });
  });

  it('sends job files through the queue to the alias, as a versioned one', () => {
    expect(resource(unversioned, 'Live')).toMatchObject({ Properties: { FunctionVersion: '$LATEST' } });
    const queue = { 'Fn::GetAtt': ['LaunchQueue', 'Arn'] };
    expect(resource(unversioned, 'JobFileRule')).toMatchObject({ Properties: { Targets: [{ Arn: queue }] } });
    expect(resource(unversioned, 'LaunchQueueMapping')).toMatchObject({
      Properties: { EventSourceArn: queue, FunctionName: { Ref: 'Live' } },
    });
  });
});
