import Type, { type Static, type TSchema } from 'typebox';
import { AwsError } from '../../wire/aws-error.js';
import { parseInput } from '../../wire/parse-input.js';

/** How a paged request reads in `pageOf`; most operations of AWS Batch show at most 100 items a page. */
export function pageOptions(
  request: { readonly maxResults?: number; readonly nextToken?: string },
  largest = 100,
): { readonly limit: number; readonly token: string | undefined; readonly code: string } {
  const limit = Math.min(request.maxResults ?? largest, largest);
  return { limit, token: request.nextToken, code: 'ClientException' };
}

/** AWS Batch answers every mistake of a caller with this one code. */
export function clientException(message: string): AwsError {
  return new AwsError('ClientException', message, { status: 400 });
}

/**
 * Reads an operation's input by its schema.
 *
 * @throws AwsError `ClientException` that names every wrong member
 */
export function parseRequest<const Schema extends TSchema>(schema: Schema, input: unknown): Static<Schema> {
  return parseInput(schema, input, 'ClientException');
}

const Names = Type.Record(Type.String(), Type.String());
const Tags = Type.Optional(Names);
const Environment = Type.Array(
  Type.Object({ name: Type.Optional(Type.String()), value: Type.Optional(Type.String()) }),
);
const ResourceRequirements = Type.Array(Type.Object({ type: Type.String(), value: Type.String() }));
const Open = Type.Record(Type.String(), Type.Unknown());

const RetryStrategy = Type.Object({
  attempts: Type.Optional(Type.Integer({ minimum: 1, maximum: 10 })),
  evaluateOnExit: Type.Optional(
    Type.Array(
      Type.Object({
        action: Type.String({ pattern: '^([Rr][Ee][Tt][Rr][Yy]|[Ee][Xx][Ii][Tt])$' }),
        onExitCode: Type.Optional(Type.String()),
        onReason: Type.Optional(Type.String()),
        onStatusReason: Type.Optional(Type.String()),
      }),
      { maxItems: 5 },
    ),
  ),
});

const Timeout = Type.Object({ attemptDurationSeconds: Type.Optional(Type.Integer({ minimum: 60 })) });

const Container = {
  command: Type.Optional(Type.Array(Type.String())),
  environment: Type.Optional(Environment),
  resourceRequirements: Type.Optional(ResourceRequirements),
  vcpus: Type.Optional(Type.Integer({ minimum: 1 })),
  memory: Type.Optional(Type.Integer({ minimum: 4 })),
};

const ConsumableResourceProperties = Type.Object({
  consumableResourceList: Type.Optional(
    Type.Array(Type.Object({ consumableResource: Type.String(), quantity: Type.Integer({ minimum: 0 }) })),
  ),
});

export const RegisterJobDefinitionRequest = Type.Object({
  jobDefinitionName: Type.String(),
  type: Type.String(),
  parameters: Type.Optional(Names),
  containerProperties: Type.Optional(Type.Object({ ...Container, image: Type.Optional(Type.String()) })),
  retryStrategy: Type.Optional(RetryStrategy),
  timeout: Type.Optional(Timeout),
  schedulingPriority: Type.Optional(Type.Integer({ minimum: 0, maximum: 9999 })),
  propagateTags: Type.Optional(Type.Boolean()),
  platformCapabilities: Type.Optional(Type.Array(Type.String())),
  consumableResourceProperties: Type.Optional(ConsumableResourceProperties),
  nodeProperties: Type.Optional(Type.Unknown()),
  eksProperties: Type.Optional(Type.Unknown()),
  ecsProperties: Type.Optional(Type.Unknown()),
  tags: Tags,
});

export const DeregisterJobDefinitionRequest = Type.Object({ jobDefinition: Type.String() });

const Page = { maxResults: Type.Optional(Type.Integer({ minimum: 1 })), nextToken: Type.Optional(Type.String()) };

export const DescribeJobDefinitionsRequest = Type.Object({
  ...Page,
  jobDefinitions: Type.Optional(Type.Array(Type.String(), { maxItems: 100 })),
  jobDefinitionName: Type.Optional(Type.String()),
  status: Type.Optional(Type.String()),
});

export const SubmitJobRequest = Type.Object({
  jobName: Type.String(),
  jobQueue: Type.String(),
  jobDefinition: Type.String(),
  parameters: Type.Optional(Names),
  containerOverrides: Type.Optional(Type.Object({ ...Container, instanceType: Type.Optional(Type.String()) })),
  retryStrategy: Type.Optional(RetryStrategy),
  timeout: Type.Optional(Timeout),
  shareIdentifier: Type.Optional(Type.String()),
  schedulingPriorityOverride: Type.Optional(Type.Integer({ minimum: 0, maximum: 9999 })),
  propagateTags: Type.Optional(Type.Boolean()),
  consumableResourcePropertiesOverride: Type.Optional(ConsumableResourceProperties),
  arrayProperties: Type.Optional(Type.Unknown()),
  dependsOn: Type.Optional(Type.Array(Type.Unknown())),
  nodeOverrides: Type.Optional(Type.Unknown()),
  eksPropertiesOverride: Type.Optional(Type.Unknown()),
  ecsPropertiesOverride: Type.Optional(Type.Unknown()),
  tags: Tags,
});

export const DescribeJobsRequest = Type.Object({ jobs: Type.Array(Type.String(), { maxItems: 100 }) });

export const ListJobsRequest = Type.Object({
  ...Page,
  jobQueue: Type.Optional(Type.String()),
  jobStatus: Type.Optional(Type.String()),
  arrayJobId: Type.Optional(Type.String()),
  multiNodeJobId: Type.Optional(Type.String()),
  filters: Type.Optional(
    Type.Array(Type.Object({ name: Type.String(), values: Type.Array(Type.String(), { minItems: 1 }) }), {
      maxItems: 1,
    }),
  ),
});

export const StopJobRequest = Type.Object({ jobId: Type.String(), reason: Type.String({ minLength: 1 }) });

const State = Type.Optional(Type.Union([Type.Literal('ENABLED'), Type.Literal('DISABLED')]));

export const CreateComputeEnvironmentRequest = Type.Object({
  computeEnvironmentName: Type.String(),
  type: Type.Union([Type.Literal('MANAGED'), Type.Literal('UNMANAGED')]),
  state: State,
  computeResources: Type.Optional(Open),
  serviceRole: Type.Optional(Type.String()),
  tags: Tags,
});

export const UpdateComputeEnvironmentRequest = Type.Object({
  computeEnvironment: Type.String(),
  state: State,
  computeResources: Type.Optional(Open),
  serviceRole: Type.Optional(Type.String()),
});

const ComputeEnvironmentOrder = Type.Array(Type.Object({ order: Type.Integer(), computeEnvironment: Type.String() }), {
  minItems: 1,
  maxItems: 3,
});

export const CreateJobQueueRequest = Type.Object({
  jobQueueName: Type.String(),
  priority: Type.Integer({ minimum: 0, maximum: 1000 }),
  state: State,
  schedulingPolicyArn: Type.Optional(Type.String()),
  computeEnvironmentOrder: ComputeEnvironmentOrder,
  jobStateTimeLimitActions: Type.Optional(Type.Array(Open)),
  tags: Tags,
});

export const UpdateJobQueueRequest = Type.Object({
  jobQueue: Type.String(),
  priority: Type.Optional(Type.Integer({ minimum: 0, maximum: 1000 })),
  state: State,
  schedulingPolicyArn: Type.Optional(Type.String()),
  computeEnvironmentOrder: Type.Optional(ComputeEnvironmentOrder),
  jobStateTimeLimitActions: Type.Optional(Type.Array(Open)),
});

const FairsharePolicy = Type.Object({
  computeReservation: Type.Optional(Type.Integer({ minimum: 0, maximum: 99 })),
  shareDecaySeconds: Type.Optional(Type.Integer({ minimum: 0, maximum: 604_800 })),
  shareDistribution: Type.Optional(
    Type.Array(
      Type.Object({
        shareIdentifier: Type.String(),
        weightFactor: Type.Optional(Type.Number({ minimum: 0.0001, maximum: 999.9999 })),
      }),
    ),
  ),
});

export const CreateSchedulingPolicyRequest = Type.Object({
  name: Type.String(),
  fairsharePolicy: Type.Optional(FairsharePolicy),
  tags: Tags,
});

export const UpdateSchedulingPolicyRequest = Type.Object({
  arn: Type.String(),
  fairsharePolicy: Type.Optional(FairsharePolicy),
});

/** `DeleteX` and `DescribeX` of the recorded resources name the resource in different members. */
export const DeleteComputeEnvironmentRequest = Type.Object({ computeEnvironment: Type.String() });
export const DeleteJobQueueRequest = Type.Object({ jobQueue: Type.String() });
export const SchedulingPolicyRequest = Type.Object({ arn: Type.String() });

export const DescribeComputeEnvironmentsRequest = Type.Object({
  ...Page,
  computeEnvironments: Type.Optional(Type.Array(Type.String())),
});
export const DescribeJobQueuesRequest = Type.Object({ ...Page, jobQueues: Type.Optional(Type.Array(Type.String())) });
export const DescribeSchedulingPoliciesRequest = Type.Object({ arns: Type.Array(Type.String(), { maxItems: 100 }) });
export const ListSchedulingPoliciesRequest = Type.Object({ ...Page });

const Quantity = Type.Optional(Type.Integer({ minimum: 0 }));

export const CreateConsumableResourceRequest = Type.Object({
  consumableResourceName: Type.String(),
  totalQuantity: Quantity,
  resourceType: Type.Optional(Type.Union([Type.Literal('REPLENISHABLE'), Type.Literal('NON_REPLENISHABLE')])),
  tags: Tags,
});

export const UpdateConsumableResourceRequest = Type.Object({
  consumableResource: Type.String(),
  operation: Type.Optional(Type.Union([Type.Literal('SET'), Type.Literal('ADD'), Type.Literal('REMOVE')])),
  quantity: Quantity,
});

export const ConsumableResourceRequest = Type.Object({ consumableResource: Type.String() });
export const ListConsumableResourcesRequest = Type.Object({ ...Page });

export const TagResourceRequest = Type.Object({ resourceArn: Type.String(), tags: Names });
export const UntagResourceRequest = Type.Object({ resourceArn: Type.String(), tagKeys: Type.Array(Type.String()) });
export const ListTagsForResourceRequest = Type.Object({ resourceArn: Type.String() });
