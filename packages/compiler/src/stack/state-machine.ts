import { utf8Length } from '../canonical.js';
import { type Resource, ref, stackName, type Text } from '../cloudformation.js';
import { workflowNamePlaceholder } from '../states/initialize.js';
import type { StateMachineDefinition } from '../states-language.js';
import { tagList } from '../tags.js';
import { type Upload, uploadOf } from '../upload.js';
import type { StackPlan } from './plan.js';
import { physicalName } from './version.js';

export const stateMachineId = 'StateMachine';
export const stateMachineVersionId = 'StateMachineVersion';

/**
 * Larger definitions go to S3, so that the template's megabyte is left to the job definitions. CloudFormation writes a
 * definition that is part of a template with indentation, at about three times its bytes, and one from S3 as it is.
 */
const maxInlineBytes = 128 * 1024;

/** An AWS::StepFunctions::StateMachine. */
export type StateMachine = Resource<
  'AWS::StepFunctions::StateMachine',
  {
    readonly StateMachineName: Text;
    readonly StateMachineType: 'STANDARD';
    readonly RoleArn: string;
    readonly Definition?: StateMachineDefinition;
    readonly DefinitionS3Location?: { readonly Bucket: string; readonly Key: string };
    readonly DefinitionSubstitutions: Readonly<Record<string, Text>>;
    readonly LoggingConfiguration: {
      readonly Level: 'ERROR';
      readonly IncludeExecutionData: false;
      readonly Destinations: readonly { readonly CloudWatchLogsLogGroup: { readonly LogGroupArn: string } }[];
    };
    readonly Tags: ReturnType<typeof tagList>;
  }
>;

export function stateMachine(plan: StackPlan): {
  readonly resource: StateMachine;
  /** The definition, when it is not in the template. */
  readonly upload?: Upload;
} {
  const { behaviour, core, deployment } = plan;
  const upload = isInlinable(behaviour.definitionText)
    ? undefined
    : uploadOf(behaviour.definitionText, behaviour.definitionDigest, core);
  return {
    ...(upload === undefined ? {} : { upload }),
    resource: {
      Type: 'AWS::StepFunctions::StateMachine',
      DeletionPolicy: 'Delete',
      // Older versions stay until they are pruned.
      UpdateReplacePolicy: plan.versioned ? 'Retain' : 'Delete',
      Properties: {
        StateMachineName: physicalName(plan, ''),
        StateMachineType: 'STANDARD',
        RoleArn: core.statesRoleArn,
        ...(upload === undefined
          ? { Definition: behaviour.definition }
          : { DefinitionS3Location: { Bucket: upload.bucket, Key: upload.key } }),
        DefinitionSubstitutions: {
          [workflowNamePlaceholder]: stackName,
          // A job definition's ARN has its revision, so the definition runs what it was deployed with.
          ...Object.fromEntries(behaviour.jobs.map((job) => [job.logicalId, ref(job.logicalId)])),
        },
        LoggingConfiguration: {
          Level: 'ERROR',
          IncludeExecutionData: false,
          Destinations: [{ CloudWatchLogsLogGroup: { LogGroupArn: core.statesLogGroupArn } }],
        },
        Tags: tagList(deployment),
      },
    },
  };
}

function isInlinable(definitionText: string): boolean {
  return utf8Length(definitionText) <= maxInlineBytes && !intrinsicKey.test(definitionText);
}

/** An output that is called `Ref`, say: inside a template, CloudFormation would take it for a function of its own. */
const intrinsicKey = /"(?:Ref|Condition|Fn::[^"]*)":/;

/**
 * The published version of a workflow version's state machine, by which the launcher starts executions. Without it nothing
 * can start any more, while what runs goes on: that is how a version is closed before it is deleted, for Step Functions
 * ends the executions of a state machine that is being deleted.
 */
export const stateMachineVersion: Resource = {
  Type: 'AWS::StepFunctions::StateMachineVersion',
  DeletionPolicy: 'Delete',
  UpdateReplacePolicy: 'Retain',
  Properties: { StateMachineArn: ref(stateMachineId) },
};
