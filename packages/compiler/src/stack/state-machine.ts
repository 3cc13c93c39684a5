import { readsLaunchQueue, stateMachineName } from '@bclaw/spec/contract';
import { given } from '@bclaw/spec/given';
import { utf8Length } from '../canonical.js';
import { type Resource, ref, stackName, type Text } from '../cloudformation.js';
import { maxInlineBytes, type Upload, uploadOf } from '../jobs/upload.js';
import { workflowNamePlaceholder } from '../states/initialize.js';
import { tagList } from '../tags.js';
import { jobDefinitionId } from './job-definitions.js';
import type { StackPlan } from './plan.js';
import { idOfVersion, physicalName, retained } from './version.js';

export const stateMachineId = (plan: StackPlan): string => idOfVersion(plan, 'StateMachine');
export const stateMachineVersionId = (plan: StackPlan): string => idOfVersion(plan, 'StateMachineVersion');

/** An AWS::StepFunctions::StateMachine. */
export type StateMachine = Resource<
  'AWS::StepFunctions::StateMachine',
  {
    readonly StateMachineName: Text;
    readonly StateMachineType: 'STANDARD';
    readonly RoleArn: string;
    /** JSON. */
    readonly DefinitionString?: string;
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
  const upload =
    utf8Length(JSON.stringify(behaviour.definitionText)) <= maxInlineBytes
      ? undefined
      : uploadOf(behaviour.definitionText, behaviour.definitionDigest, core);
  return {
    ...given({ upload }),
    resource: {
      Type: 'AWS::StepFunctions::StateMachine',
      // A version stays until it is pruned: Step Functions ends the executions of a deleted state machine.
      ...(plan.versioned ? retained : { DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' }),
      Properties: {
        StateMachineName: physicalName(plan, stateMachineName),
        StateMachineType: 'STANDARD',
        RoleArn: core.statesRoleArn,
        ...(upload === undefined
          ? // As a text: CloudFormation rejects a template with a null in it, which a `ResultPath` may be, interprets
            // a map with the key `Ref` as its own function, and serializes a map with indentation, in about three times
            // the bytes.
            { DefinitionString: behaviour.definitionText }
          : { DefinitionS3Location: { Bucket: upload.bucket, Key: upload.key } }),
        DefinitionSubstitutions: {
          [workflowNamePlaceholder]: stackName,
          // A job definition's ARN includes its revision, so the definition keeps the revision it was deployed with.
          ...Object.fromEntries(behaviour.jobs.map((job) => [job.logicalId, ref(jobDefinitionId(job, plan))])),
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

/**
 * The published version of a workflow version's state machine, with which the launcher starts executions. Without it no
 * execution can be started, and running ones continue: this closes a version before it is deleted, because Step
 * Functions ends the executions of a state machine that is being deleted.
 */
export const stateMachineVersion = (plan: StackPlan): Resource => ({
  Type: 'AWS::StepFunctions::StateMachineVersion',
  ...retained,
  Properties: { StateMachineArn: ref(stateMachineId(plan)), Description: readsLaunchQueue },
});
