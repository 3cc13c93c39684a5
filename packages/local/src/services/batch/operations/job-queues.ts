import Type from 'typebox';
import { present } from '../../../kernel/present.js';
import type { Operation } from '../../../operation.js';
import type { ComputeEnvironments } from '../compute-environments.js';
import type { JobQueueRecord, JobQueues } from '../job-queues.js';
import { clientException, operation, optionalText, page, state, tags } from '../operation.js';
import { checkName } from '../resource-name.js';
import type { SchedulingPolicies } from '../scheduling-policies.js';

const computeEnvironmentOrder = Type.Array(Type.Object({ order: Type.Integer(), computeEnvironment: Type.String() }), {
  minItems: 1,
  maxItems: 3,
});
const priority = Type.Integer({ minimum: 0, maximum: 1000 });
const jobStateTimeLimitActions = Type.Optional(Type.Array(Type.Record(Type.String(), Type.Unknown())));

/** @param onDelete - called with the ARN of a queue before it is removed */
export function jobQueueOperations(
  queues: JobQueues,
  environments: ComputeEnvironments,
  policies: SchedulingPolicies,
  onDelete: (arn: string) => void,
): Operation[] {
  return [
    operation(
      'CreateJobQueue',
      Type.Object({
        jobQueueName: Type.String(),
        priority,
        state,
        schedulingPolicyArn: optionalText,
        computeEnvironmentOrder,
        jobStateTimeLimitActions,
        tags,
      }),
      (input) => {
        const { jobQueueName } = input;
        checkName(jobQueueName);
        const jobQueueArn = queues.arn(jobQueueName);
        if (queues.find(jobQueueArn) !== undefined) throw clientException('Object already exists');
        if (input.schedulingPolicyArn !== undefined) policies.get(input.schedulingPolicyArn);
        queues.add({
          ...input,
          jobQueueArn,
          state: input.state ?? 'ENABLED',
          status: 'VALID',
          statusReason: 'JobQueue Healthy',
          computeEnvironmentOrder: existing(input.computeEnvironmentOrder),
          tags: input.tags ?? {},
        });
        return { jobQueueName, jobQueueArn };
      },
    ),

    operation(
      'UpdateJobQueue',
      Type.Object({
        jobQueue: Type.String(),
        priority: Type.Optional(priority),
        state,
        schedulingPolicyArn: optionalText,
        computeEnvironmentOrder: Type.Optional(computeEnvironmentOrder),
        jobStateTimeLimitActions,
      }),
      ({ jobQueue, computeEnvironmentOrder: order, ...changes }) => {
        const record = queues.get(jobQueue);
        const newOrder = present({ computeEnvironmentOrder: order && existing(order) });
        if (changes.schedulingPolicyArn !== undefined) policies.get(changes.schedulingPolicyArn);
        queues.replace({ ...record, ...changes, ...newOrder });
        return { jobQueueName: record.jobQueueName, jobQueueArn: record.jobQueueArn };
      },
    ),

    operation(
      'DescribeJobQueues',
      Type.Object({ ...page, jobQueues: Type.Optional(Type.Array(Type.String())) }),
      ({ jobQueues, ...request }) => {
        const { items, nextToken } = queues.page(request, jobQueues);
        return { jobQueues: items.map((queue) => ({ ...queue, jobQueueType: 'ECS' })), nextToken };
      },
    ),

    operation('DeleteJobQueue', Type.Object({ jobQueue: Type.String() }), ({ jobQueue }) => {
      const record = queues.find(jobQueue);
      if (record === undefined) return {};
      if (record.state !== 'DISABLED') throw clientException('Cannot delete, state must be DISABLED');
      onDelete(record.jobQueueArn);
      queues.delete(record);
      return {};
    }),
  ];

  /** The compute environment order with ARNs; all of the environments must exist. */
  function existing(order: JobQueueRecord['computeEnvironmentOrder']): JobQueueRecord['computeEnvironmentOrder'] {
    return order.map((entry) => ({
      order: entry.order,
      computeEnvironment: environments.get(entry.computeEnvironment).computeEnvironmentArn,
    }));
  }
}
