import { type Output, ref, sub, type Text } from '../cloudformation.js';
import { launchQueueUrl } from './launch-queue.js';
import { launcherId } from './launcher.js';
import type { StackPlan } from './plan.js';
import { stateMachineId } from './state-machine.js';
import { liveAlias } from './traffic.js';
import { versionNumber } from './version.js';

/** Names of the outputs of a workflow's stack; `WorkflowVersion` exists only if there are versions. */
export const workflowOutputs = {
  launcherBucket: 'LauncherBucket',
  launcherUri: 'LauncherUri',
  launcherFunction: 'LauncherFunction',
  workflowVersion: 'WorkflowVersion',
  stateMachineArn: 'StateMachineArn',
  liveAliasArn: 'LiveAliasArn',
  launchQueueUrl: 'LaunchQueueUrl',
} as const;

/** BayerCLAW's names for three of them; both names exist, so that programs that read a stack's outputs keep working. */
const bayerclawOutputs = {
  launcherBucket: 'LauncherBucketName',
  launcherUri: 'LauncherURI',
  stateMachineArn: 'StepFunctionsStateMachineArn',
} as const;

export function outputs(plan: StackPlan): Readonly<Record<string, Output>> {
  const { launcherBucket } = plan.core;
  return {
    ...inBothNames('launcherBucket', 'Bucket that takes job files', launcherBucket),
    ...inBothNames(
      'launcherUri',
      'Copy a job file here to run the workflow',
      sub(`s3://${launcherBucket}/\${AWS::StackName}/`),
    ),
    [workflowOutputs.launcherFunction]: { Description: 'Function that starts executions', Value: ref(launcherId) },
    ...(plan.versioned
      ? {
          [workflowOutputs.workflowVersion]: {
            Description: 'Version that this deployment made',
            Value: versionNumber(plan),
          },
        }
      : {}),
    ...inBothNames('stateMachineArn', 'State machine of this deployment', ref(stateMachineId(plan))),
    [workflowOutputs.liveAliasArn]: { Description: 'Alias that receives the job files', Value: liveAlias },
    [workflowOutputs.launchQueueUrl]: { Description: 'Queue in which job files wait', Value: launchQueueUrl },
  };
}

function inBothNames(output: keyof typeof bayerclawOutputs, description: string, value: Text): Record<string, Output> {
  const name = workflowOutputs[output];
  return {
    [name]: { Description: description, Value: value },
    [bayerclawOutputs[output]]: { Description: `As ${name}, for what was written for BayerCLAW`, Value: value },
  };
}
