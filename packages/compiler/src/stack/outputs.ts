import { type Output, ref, sub } from '../cloudformation.js';
import { launcherId } from './launcher.js';
import type { StackPlan } from './plan.js';
import { stateMachineId } from './state-machine.js';
import { liveAlias } from './traffic.js';
import { versionNumber } from './version.js';

/** Names of the outputs of a workflow's stack; `WorkflowVersion` only where there are versions. */
export const workflowOutputs = {
  launcherBucket: 'LauncherBucket',
  launcherUri: 'LauncherUri',
  launcherFunction: 'LauncherFunction',
  workflowVersion: 'WorkflowVersion',
  stateMachineArn: 'StateMachineArn',
  liveAliasArn: 'LiveAliasArn',
} as const;

export function outputs(plan: StackPlan): Readonly<Record<string, Output>> {
  const { launcherBucket } = plan.core;
  return {
    [workflowOutputs.launcherBucket]: { Description: 'Bucket that takes job files', Value: launcherBucket },
    [workflowOutputs.launcherUri]: {
      Description: 'Copy a job file here to run the workflow',
      Value: sub(`s3://${launcherBucket}/\${AWS::StackName}/`),
    },
    [workflowOutputs.launcherFunction]: { Description: 'Function that starts executions', Value: ref(launcherId) },
    ...(plan.versioned
      ? {
          [workflowOutputs.workflowVersion]: {
            Description: 'Version that this deployment made',
            Value: versionNumber(plan),
          },
        }
      : {}),
    [workflowOutputs.stateMachineArn]: {
      Description: 'State machine of this deployment',
      Value: ref(stateMachineId(plan)),
    },
    [workflowOutputs.liveAliasArn]: { Description: 'Alias that receives the job files', Value: liveAlias },
  };
}
