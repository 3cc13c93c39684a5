import { answeredObjects, answeredText } from '../answers.js';
import { lowerMembers } from '../member-case.js';
import { pick, textOf } from '../members.js';
import type { ResourceRequest, ResourceState, ResourceTools, ResourceType } from '../resource-type.js';
import { list, shape, text, textMap, whole } from '../schema.js';

/** AWS::Batch::JobQueue; `Ref` is its ARN. */
export const batchJobQueue: ResourceType = {
  name: 'AWS::Batch::JobQueue',
  properties: shape(
    { Priority: whole },
    {
      ComputeEnvironmentOrder: list(shape({ ComputeEnvironment: text, Order: whole })),
      JobQueueName: text,
      JobQueueType: text,
      JobStateTimeLimitActions: list(shape({ Action: text, MaxTimeSeconds: whole, Reason: text, State: text })),
      SchedulingPolicyArn: text,
      ServiceEnvironmentOrder: list(shape({ Order: whole, ServiceEnvironment: text })),
      State: text,
      Tags: textMap,
    },
  ),
  createOnly: ['JobQueueName', 'JobQueueType', 'Tags'],
  attributes: ['JobQueueArn'],
  tags: { property: 'Tags', form: 'map' },

  async find(request) {
    const arn = await find(request, nameOf(request));
    return arn === undefined ? undefined : stateOf(arn);
  },

  async create(request) {
    const answer = await request.call('batch', 'CreateJobQueue', {
      ...lowerMembers(request.properties),
      jobQueueName: nameOf(request),
    });
    return stateOf(answeredText(answer, 'jobQueueArn'));
  },

  async update(request, { physicalId }) {
    await request.call('batch', 'UpdateJobQueue', {
      state: 'ENABLED',
      ...lowerMembers(
        pick(request.properties, [
          'ComputeEnvironmentOrder',
          'JobStateTimeLimitActions',
          'Priority',
          'SchedulingPolicyArn',
          'State',
        ]),
      ),
      jobQueue: physicalId,
    });
    return stateOf(physicalId);
  },

  async delete({ physicalId }, tools) {
    if ((await find(tools, physicalId)) === undefined) return;
    await tools.call('batch', 'UpdateJobQueue', { jobQueue: physicalId, state: 'DISABLED' });
    await tools.call('batch', 'DeleteJobQueue', { jobQueue: physicalId });
  },
};

const nameOf = (request: ResourceRequest) =>
  textOf(request.properties, 'JobQueueName') ?? request.generatedName({ maxLength: 128 });

async function find(tools: ResourceTools, nameOrArn: string): Promise<string | undefined> {
  const answer = await tools.call('batch', 'DescribeJobQueues', { jobQueues: [nameOrArn] });
  const queue = answeredObjects(answer, 'jobQueues')[0];
  return queue && answeredText(queue, 'jobQueueArn');
}

const stateOf = (arn: string): ResourceState => ({ physicalId: arn, attributes: { JobQueueArn: arn } });
