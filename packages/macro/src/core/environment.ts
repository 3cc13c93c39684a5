import { type CoreOutput, coreOutputPaths, type Intrinsic, ref, type Sub, sub } from '@bclaw/compiler';
import type { StateFunctions } from './functions.js';
import { queueArns } from './job-queues.js';
import { jobExecutionRoleArn, jobLogGroup, jobRoleArn } from './job-roles.js';
import { launcherBucket } from './launcher-bucket.js';
import { deadLetterQueueArn } from './notifications.js';
import { statesLogGroupArn, statesRoleArn } from './state-machines.js';

/** The values of this stack that compiled workflows use, under the names of the stack's outputs. */
export const coreValues = (functions: StateFunctions): Readonly<Record<CoreOutput, Intrinsic>> => ({
  LauncherBucket: launcherBucket,
  LauncherCodeBucket: ref('CodeBucket'),
  LauncherCodeKey: ref('LauncherCodeKey'),
  InitializeFunctionArn: functions.arns.initialize,
  ScatterFunctionArn: functions.arns.scatter,
  GatherFunctionArn: functions.arns.gather,
  ChooseFunctionArn: functions.arns.choose,
  SubpipeSubmitFunctionArn: functions.arns.subpipeSubmit,
  SubpipeRetrieveFunctionArn: functions.arns.subpipeRetrieve,
  RunnerImage: ref('RunnerImage'),
  SpotQueueArn: queueArns.spot,
  OnDemandQueueArn: queueArns.onDemand,
  SpotGpuQueueArn: queueArns.spotGpu,
  OnDemandGpuQueueArn: queueArns.onDemandGpu,
  StatesRoleArn: statesRoleArn,
  StatesLogGroupArn: statesLogGroupArn,
  JobRoleArn: jobRoleArn,
  JobExecutionRoleArn: jobExecutionRoleArn,
  JobLogGroup: jobLogGroup,
  DeadLetterQueueArn: deadLetterQueueArn,
  LogRetentionDays: ref('LogRetentionDays'),
});

/** Nested text: a core environment whose values CloudFormation will fill in. */
interface Placeholders {
  readonly [key: string]: string | Placeholders;
}

/** The macro's `BC_CORE`: the core environment as JSON, which CloudFormation fills in. */
export function coreEnvironmentJson(values: Readonly<Record<CoreOutput, Intrinsic>>): Sub {
  const place: Placeholders = {
    coreStackName: '${AWS::StackName}',
    partition: '${AWS::Partition}',
    region: '${AWS::Region}',
    accountId: '${AWS::AccountId}',
  };
  const environment = Object.entries(coreOutputPaths).reduce(
    (target, [name, path]) => withValue(target, path, `\${${name}}`),
    place,
  );
  return sub(JSON.stringify(environment), values);
}

/** A copy with the value set at the path. */
function withValue(target: Placeholders, [key = '', ...rest]: readonly string[], value: string): Placeholders {
  const inner = target[key];
  return {
    ...target,
    [key]: rest.length === 0 ? value : withValue(typeof inner === 'object' ? inner : {}, rest, value),
  };
}
