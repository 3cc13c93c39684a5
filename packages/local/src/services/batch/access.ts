import {
  type AccessRule,
  all,
  anywhere,
  type CallInput,
  named,
  on,
  type Permission,
  passRole,
  requestTags,
  type ServiceAccess,
} from '../../iam/access.js';
import type { EngineContext } from '../../kernel/service.js';
import { type BatchResource, batchArn } from './arns.js';
import type { JobParts } from './operations/jobs.js';

/** The permissions of AWS Batch. */
export function batchAccess(
  context: EngineContext,
  { definitions, consumables, store }: JobParts,
  tagsOf: NonNullable<ServiceAccess['tagsOf']>,
): ServiceAccess {
  const arn = (resource: BatchResource, given: unknown) => {
    const name = String(given ?? '');
    return name.startsWith('arn:') ? name : batchArn(context, resource, name);
  };
  const onA = (action: string, resource: BatchResource, ...members: readonly string[]): AccessRule =>
    on(
      `batch:${action}`,
      (input) =>
        arn(
          resource,
          members.map((member) => input[member]).find((value) => value !== undefined),
        ),
      ({ tags }) => requestTags(tags),
    );
  const job = (action: string): AccessRule =>
    on(
      `batch:${action}`,
      ({ jobId }) => store.get(String(jobId).split('/').at(-1) ?? '')?.record.jobArn ?? arn('job', jobId),
    );
  const container = (input: CallInput, member: string): unknown =>
    Reflect.get(Object(input['containerProperties']), member);
  const passRoles = all(
    passRole((input) => container(input, 'jobRoleArn'), 'ecs-tasks.amazonaws.com'),
    passRole((input) => container(input, 'executionRoleArn'), 'ecs-tasks.amazonaws.com'),
  );

  /** A submission needs its permission on the definition, the queue and what the job consumes. */
  const submission: AccessRule = ({ jobDefinition, jobQueue, tags, consumableResourcePropertiesOverride }) => {
    const action = 'batch:SubmitJob';
    const keys = requestTags(tags);
    const permissions: Permission[] = [
      { action, resource: arn('job-definition', jobDefinition), keys },
      { action, resource: arn('job-queue', jobQueue), keys },
    ];
    for (const resource of consumed(jobDefinition, consumableResourcePropertiesOverride))
      permissions.push({ action, resource, keys });
    if (Object.keys(keys).length > 0)
      permissions.push({ action: 'batch:TagResource', resource: arn('job', '*'), keys });
    return permissions;
  };

  function consumed(jobDefinition: unknown, override: unknown): readonly string[] {
    const definition = definitions.find(String(jobDefinition ?? ''));
    const given = override ?? definition?.consumableResourceProperties;
    const list: unknown = Reflect.get(Object(given), 'consumableResourceList');
    return (Array.isArray(list) ? list : []).map((item: unknown) =>
      consumables.arn(String(Reflect.get(Object(item), 'consumableResource') ?? '')),
    );
  }

  return {
    rules: {
      SubmitJob: submission,
      DescribeJobs: anywhere('batch:DescribeJobs'),
      ListJobs: anywhere('batch:ListJobs'),
      CancelJob: job('CancelJob'),
      TerminateJob: job('TerminateJob'),
      RegisterJobDefinition: all(onA('RegisterJobDefinition', 'job-definition', 'jobDefinitionName'), passRoles),
      DeregisterJobDefinition: onA('DeregisterJobDefinition', 'job-definition', 'jobDefinition'),
      DescribeJobDefinitions: anywhere('batch:DescribeJobDefinitions'),
      CreateJobQueue: onA('CreateJobQueue', 'job-queue', 'jobQueueName'),
      UpdateJobQueue: onA('UpdateJobQueue', 'job-queue', 'jobQueue'),
      DescribeJobQueues: anywhere('batch:DescribeJobQueues'),
      DeleteJobQueue: onA('DeleteJobQueue', 'job-queue', 'jobQueue'),
      CreateSchedulingPolicy: onA('CreateSchedulingPolicy', 'scheduling-policy', 'name'),
      UpdateSchedulingPolicy: onA('UpdateSchedulingPolicy', 'scheduling-policy', 'arn'),
      DescribeSchedulingPolicies: anywhere('batch:DescribeSchedulingPolicies'),
      ListSchedulingPolicies: anywhere('batch:ListSchedulingPolicies'),
      DeleteSchedulingPolicy: onA('DeleteSchedulingPolicy', 'scheduling-policy', 'arn'),
      CreateComputeEnvironment: all(
        onA('CreateComputeEnvironment', 'compute-environment', 'computeEnvironmentName'),
        passRole('serviceRole', 'batch.amazonaws.com'),
      ),
      UpdateComputeEnvironment: onA('UpdateComputeEnvironment', 'compute-environment', 'computeEnvironment'),
      DescribeComputeEnvironments: anywhere('batch:DescribeComputeEnvironments'),
      DeleteComputeEnvironment: onA('DeleteComputeEnvironment', 'compute-environment', 'computeEnvironment'),
      CreateConsumableResource: onA('CreateConsumableResource', 'consumable-resource', 'consumableResourceName'),
      UpdateConsumableResource: onA('UpdateConsumableResource', 'consumable-resource', 'consumableResource'),
      DescribeConsumableResource: onA('DescribeConsumableResource', 'consumable-resource', 'consumableResource'),
      ListConsumableResources: anywhere('batch:ListConsumableResources'),
      DeleteConsumableResource: onA('DeleteConsumableResource', 'consumable-resource', 'consumableResource'),
      TagResource: on('batch:TagResource', named('resourceArn'), ({ tags }) => requestTags(tags)),
      UntagResource: on('batch:UntagResource', named('resourceArn')),
      ListTagsForResource: on('batch:ListTagsForResource', named('resourceArn')),
    },
    tagsOf,
    denial: { code: 'AccessDeniedException', status: 403 },
  };
}
