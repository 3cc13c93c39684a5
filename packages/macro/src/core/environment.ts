import { type CoreOutput, coreOutputPaths, type Intrinsic, ref, type Sub, sub } from '@bclaw/compiler';
import type { StateFunctions } from './functions.js';
import { queueArns } from './job-queues.js';
import { jobExecutionRoleArn, jobRoleArn } from './job-roles.js';
import { launcherBucket } from './launcher-bucket.js';
import { deadLetterQueueArn } from './notifications.js';
import { statesLogGroupArn, statesRoleArn } from './state-machines.js';

/** What compiled workflows use of this stack, under the names of the stack's outputs. */
export const coreValues = (functions: StateFunctions): Readonly<Record<CoreOutput, Intrinsic>> => ({
  LauncherBucket: launcherBucket,
  LauncherCodeBucket: ref('CodeBucket'),
  LauncherCodeKey: ref('LauncherCodeKey'),
  InitializeFunctionArn: functions.arns.initialize,
  RunnerImage: ref('RunnerImage'),
  SpotQueueArn: queueArns.spot,
  OnDemandQueueArn: queueArns.onDemand,
  SpotGpuQueueArn: queueArns.spotGpu,
  OnDemandGpuQueueArn: queueArns.onDemandGpu,
  StatesRoleArn: statesRoleArn,
  StatesLogGroupArn: statesLogGroupArn,
  JobRoleArn: jobRoleArn,
  JobExecutionRoleArn: jobExecutionRoleArn,
  DeadLetterQueueArn: deadLetterQueueArn,
  LogRetentionDays: ref('LogRetentionDays'),
});

/** The macro's `BC_CORE`: the core environment as JSON, which CloudFormation fills in. */
export function coreEnvironmentJson(values: Readonly<Record<CoreOutput, Intrinsic>>): Sub {
  const environment: Record<string, unknown> = {
    coreStackName: '${AWS::StackName}',
    partition: '${AWS::Partition}',
    region: '${AWS::Region}',
    accountId: '${AWS::AccountId}',
  };
  for (const [name, path] of Object.entries(coreOutputPaths)) place(environment, path, `\${${name}}`);
  return sub(JSON.stringify(environment), values);
}

function place(target: Record<string, unknown>, [key = '', ...rest]: readonly string[], value: string): void {
  if (rest.length === 0) {
    target[key] = value;
    return;
  }
  const inner: Record<string, unknown> = { ...Object(target[key]) };
  place(inner, rest, value);
  target[key] = inner;
}
