import { AwsError } from '../../wire/aws-error.js';
import { isArray, isObject, member } from './interpreter/data/json.js';
import type { Parts } from './request/parts.js';
import type { RevisionRecord } from './store/records.js';

/** The rules with which Step Functions waits for work, by the service that a `.sync` Task calls. */
const managedRules: Readonly<Record<string, string>> = {
  batch: 'StepFunctionsGetEventsForBatchJobsRule',
  states: 'StepFunctionsGetEventsForStepFunctionsExecutionRule',
};
const ruleActions = ['events:PutTargets', 'events:PutRule', 'events:DescribeRule'];

/** Step Functions' guide, "Logging to CloudWatch Logs": the permissions of a role whose executions are logged. */
const logActions = [
  'logs:CreateLogDelivery',
  'logs:GetLogDelivery',
  'logs:UpdateLogDelivery',
  'logs:DeleteLogDelivery',
  'logs:ListLogDeliveries',
  'logs:PutResourcePolicy',
  'logs:DescribeResourcePolicies',
  'logs:DescribeLogGroups',
];

/**
 * Checks that Step Functions may use a state machine's role, and that the role may do what is needed before the first
 * execution.
 *
 * @throws AwsError `AccessDeniedException`
 */
export function checkRole(
  { context }: Pick<Parts, 'context'>,
  {
    roleArn,
    definition,
    loggingConfiguration,
  }: Pick<RevisionRecord, 'definition' | 'loggingConfiguration' | 'roleArn'>,
): void {
  const { iam, partition, region, accountId } = context;
  if (iam === undefined) return;
  if (!iam.isAssumableBy(roleArn, 'states.amazonaws.com'))
    throw denied(
      'Neither the global service principal states.amazonaws.com, nor the regional one is authorized to assume the provided role.',
    );
  for (const [service, rule] of Object.entries(managedRules)) {
    if (!new RegExp(`:states:::${service}:[a-zA-Z]+\\.sync`).test(definition)) continue;
    const resource = `arn:${partition}:events:${region}:${accountId}:rule/${rule}`;
    if (!ruleActions.every((action) => iam.roleHas(roleArn, { action, resource })))
      throw denied(`'${roleArn}' is not authorized to create managed-rule.`);
  }
  if (loggingConfiguration['level'] === 'OFF' || !hasDestination(loggingConfiguration)) return;
  if (!logActions.every((action) => iam.roleHas(roleArn, { action, resource: '*' })))
    throw denied('The state machine IAM Role is not authorized to access the Log Destination');
}

function hasDestination(logging: RevisionRecord['loggingConfiguration']): boolean {
  const destinations = isObject(logging) ? member(logging, 'destinations') : undefined;
  return isArray(destinations) && destinations.length > 0;
}

const denied = (message: string): AwsError => new AwsError('AccessDeniedException', message);
