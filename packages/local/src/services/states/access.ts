import {
  type AccessRule,
  all,
  anywhere,
  named,
  on,
  passRole,
  requestTags,
  type ServiceAccess,
} from '../../iam/access.js';
import type { Parts } from './request/parts.js';

/** The permissions of Step Functions. */
export function statesAccess({ arns, store }: Pick<Parts, 'arns' | 'store'>): ServiceAccess {
  const machine = (action: string): AccessRule =>
    on(`states:${action}`, named('stateMachineArn', 'stateMachineVersionArn'));
  const execution = (action: string): AccessRule => on(`states:${action}`, named('executionArn'));
  const mapRun = (action: string): AccessRule => on(`states:${action}`, named('mapRunArn'));
  const tagged = (action: string): AccessRule =>
    on(`states:${action}`, named('resourceArn'), ({ tags }) => requestTags(tags));
  const role = passRole('roleArn', 'states.amazonaws.com');
  return {
    rules: {
      StartExecution: machine('StartExecution'),
      DescribeExecution: execution('DescribeExecution'),
      DescribeStateMachineForExecution: execution('DescribeStateMachineForExecution'),
      StopExecution: execution('StopExecution'),
      ListExecutions: on('states:ListExecutions', named('stateMachineArn', 'mapRunArn')),
      GetExecutionHistory: execution('GetExecutionHistory'),
      RedriveExecution: execution('RedriveExecution'),
      CreateStateMachine: all(
        on(
          'states:CreateStateMachine',
          ({ name }) => arns.machine(String(name ?? '')),
          ({ tags }) => requestTags(tags),
        ),
        role,
      ),
      UpdateStateMachine: all(machine('UpdateStateMachine'), role),
      DeleteStateMachine: machine('DeleteStateMachine'),
      DescribeStateMachine: machine('DescribeStateMachine'),
      ListStateMachines: anywhere('states:ListStateMachines'),
      ValidateStateMachineDefinition: anywhere('states:ValidateStateMachineDefinition'),
      PublishStateMachineVersion: machine('PublishStateMachineVersion'),
      DeleteStateMachineVersion: machine('DeleteStateMachineVersion'),
      ListStateMachineVersions: machine('ListStateMachineVersions'),
      SendTaskSuccess: anywhere('states:SendTaskSuccess'),
      SendTaskFailure: anywhere('states:SendTaskFailure'),
      SendTaskHeartbeat: anywhere('states:SendTaskHeartbeat'),
      DescribeMapRun: mapRun('DescribeMapRun'),
      ListMapRuns: execution('ListMapRuns'),
      UpdateMapRun: mapRun('UpdateMapRun'),
      TagResource: tagged('TagResource'),
      UntagResource: tagged('UntagResource'),
      ListTagsForResource: tagged('ListTagsForResource'),
    },
    // Executions and map runs count as having the tags of their state machine.
    tagsOf: (arn) => store.machines.get(arns.parse(arn)?.machine.split('/')[0] ?? '')?.tags,
  };
}
