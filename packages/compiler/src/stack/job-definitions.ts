import { defaultScratchPath, jobDefinitionName, jobVariables } from '@bclaw/spec/contract';
import { type Resource, stackName, type Text } from '../cloudformation.js';
import type { DefaultParameters, Job } from '../jobs/job.js';
import type { ContainerProperties, FrameProperties } from '../jobs/job-frame.js';
import { tagMap } from '../tags.js';
import type { StackPlan } from './plan.js';
import { idOfVersion, physicalName, retained, versionNumber } from './version.js';

/** An AWS::Batch::JobDefinition with everything that the stack adds to a {@link Job}: name, version, tags. */
export type JobDefinition = Resource<
  'AWS::Batch::JobDefinition',
  Omit<FrameProperties, 'ContainerProperties'> & {
    readonly JobDefinitionName: Text;
    readonly Parameters: DefaultParameters;
    readonly ContainerProperties: ContainerProperties & {
      readonly Environment: readonly { readonly Name: string; readonly Value: Text }[];
    };
    readonly Tags: Readonly<Record<string, Text>>;
    readonly ResourceRetentionPolicy?: { readonly SkipDeregisterOnUpdate: true };
  }
>;

/** The state machine's definition refers to it by the job's own `logicalId`, which is the same in every version. */
export const jobDefinitionId = (job: Pick<Job, 'logicalId'>, plan: StackPlan): string =>
  idOfVersion(plan, job.logicalId);

export function jobDefinitions(plan: StackPlan): Readonly<Record<string, JobDefinition>> {
  return Object.fromEntries(plan.behaviour.jobs.map((job) => [jobDefinitionId(job, plan), jobDefinition(job, plan)]));
}

function jobDefinition(job: Job, plan: StackPlan): JobDefinition {
  const { ContainerProperties, ...properties } = job.frame.properties;
  return {
    Type: 'AWS::Batch::JobDefinition',
    // Jobs still use it after it has left the template: those of versions that are still deployed, and in an
    // unversioned workflow those that started before its step was removed. Batch rejects jobs for a deregistered
    // definition.
    ...retained,
    Properties: {
      JobDefinitionName: physicalName(plan, (stack, version) => jobDefinitionName(stack, job.namePart, version)),
      Parameters: job.parameters,
      ...properties,
      ContainerProperties: { ...ContainerProperties, Environment: environment(job, plan) },
      Tags: { ...job.frame.tags, ...tagMap(plan.deployment) },
      // An unversioned workflow's definition is updated in place: running executions keep the revision that they
      // started with.
      ...(plan.versioned ? {} : { ResourceRetentionPolicy: { SkipDeregisterOnUpdate: true } }),
    },
  };
}

function environment(job: Job, plan: StackPlan): readonly { readonly Name: string; readonly Value: Text }[] {
  const variables: Readonly<Record<string, Text>> = {
    [jobVariables.stepName]: job.stepName,
    [jobVariables.workflowName]: stackName,
    [jobVariables.workflowVersion]: plan.versioned ? versionNumber(plan) : '',
    [jobVariables.scratchPath]: defaultScratchPath,
    ...job.frame.environment,
  };
  return Object.entries(variables).map(([Name, Value]) => ({ Name, Value }));
}
