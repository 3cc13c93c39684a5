import { liveAliasName } from '@bclaw/spec/contract';
import { getAtt, type Resource, ref, sub } from '../cloudformation.js';
import { tagList } from '../tags.js';
import { jobDefinitionId } from './job-definitions.js';
import { launchQueueArn, launchQueueIds, launchQueueResources } from './launch-queue.js';
import { launcherId, launcherTimeoutSeconds } from './launcher.js';
import type { StackPlan } from './plan.js';
import { stateMachineId, stateMachineVersionId } from './state-machine.js';
import { versionNumber } from './version.js';

const aliasId = 'Live';
const ruleId = 'JobFileRule';

/** ARN of the alias. */
export const liveAlias = ref(aliasId);

/**
 * The path of job files to a version, rule → queue → alias, and the handling of launcher failures.
 *
 * The rule of a stack that was deployed before the queue existed leads to the alias. Permission and invoke configuration
 * are for what it has sent there, and for rules of others.
 */
export function trafficResources(plan: StackPlan): Readonly<Record<string, Resource>> {
  return {
    [aliasId]: live(plan),
    ...launchQueueResources(plan, { alias: liveAlias, timeoutSeconds: launcherTimeoutSeconds }),
    [ruleId]: jobFileRule(plan),
    LauncherPermission: {
      Type: 'AWS::Lambda::Permission',
      Properties: {
        Action: 'lambda:InvokeFunction',
        FunctionName: liveAlias,
        Principal: 'events.amazonaws.com',
        SourceArn: getAtt(ruleId, 'Arn'),
      },
    },
    LauncherInvokeConfig: {
      Type: 'AWS::Lambda::EventInvokeConfig',
      DependsOn: [aliasId],
      Properties: {
        FunctionName: ref(launcherId),
        Qualifier: liveAliasName,
        MaximumRetryAttempts: 2,
        DestinationConfig: { OnFailure: { Destination: plan.core.deadLetterQueueArn } },
      },
    },
  };
}

/** The alias only moves when everything that the new version needs exists. */
function live(plan: StackPlan): Resource {
  return {
    Type: 'AWS::Lambda::Alias',
    DependsOn: [
      stateMachineId(plan),
      ...(plan.versioned ? [stateMachineVersionId(plan)] : []),
      ...plan.behaviour.jobs.map((job) => jobDefinitionId(job, plan)),
    ],
    Properties: {
      Name: liveAliasName,
      Description: 'Receives the job files',
      FunctionName: ref(launcherId),
      // An unversioned workflow has one state machine, so its launcher has no versions; the alias remains the rule's
      // target.
      FunctionVersion: plan.versioned ? versionNumber(plan) : '$LATEST',
    },
  };
}

/** `wf/…` is for the live version; `wf:3/…` names a version, which the launcher refuses: it would be lost silently if no rule matched. */
const jobFiles = [{ prefix: sub('${AWS::StackName}/') }, { prefix: sub('${AWS::StackName}:') }];

function jobFileRule({ core, deployment }: StackPlan): Resource {
  return {
    Type: 'AWS::Events::Rule',
    DependsOn: launchQueueIds,
    Properties: {
      Description: sub('Job files of the workflow ${AWS::StackName}'),
      State: 'ENABLED',
      EventPattern: {
        source: ['aws.s3'],
        'detail-type': ['Object Created'],
        detail: { bucket: { name: [core.launcherBucket] }, object: { key: jobFiles } },
      },
      Targets: [{ Id: liveAliasName, Arn: launchQueueArn }],
      Tags: tagList(deployment),
    },
  };
}
