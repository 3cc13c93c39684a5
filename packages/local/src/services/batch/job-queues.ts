import type { EngineContext } from '../../kernel/service.js';
import { Records } from './records.js';
import type { QueueRanks } from './scheduler.js';
import type { SchedulingPolicies } from './scheduling-policies.js';

export interface JobQueueRecord {
  readonly jobQueueName: string;
  readonly jobQueueArn: string;
  readonly state: 'ENABLED' | 'DISABLED';
  readonly status: 'VALID';
  readonly statusReason: string;
  readonly priority: number;
  readonly computeEnvironmentOrder: readonly { readonly order: number; readonly computeEnvironment: string }[];
  readonly schedulingPolicyArn?: string;
  readonly jobStateTimeLimitActions?: readonly Readonly<Record<string, unknown>>[];
  readonly tags: Readonly<Record<string, string>>;
}

/** Job queues; on one machine they only set priorities. */
export class JobQueues extends Records<JobQueueRecord> implements QueueRanks {
  readonly #policies: SchedulingPolicies;

  constructor(context: EngineContext, policies: SchedulingPolicies) {
    super(context, {
      resource: 'job-queue',
      table: 'batch/job-queues',
      arnOf: (record) => record.jobQueueArn,
      missing: (name) => `Job queue ${name} does not exist.`,
    });
    this.#policies = policies;
  }

  priority(queue: string): number {
    return this.find(queue)?.priority ?? 0;
  }

  weight(queue: string, share: string): number {
    const policy = this.find(queue)?.schedulingPolicyArn;
    return policy === undefined ? 1 : this.#policies.weight(policy, share);
  }

  /** Returns true if a queue uses the compute environment with the given ARN. */
  useEnvironment(arn: string): boolean {
    return [...this.values()].some((queue) =>
      queue.computeEnvironmentOrder.some((entry) => entry.computeEnvironment === arn),
    );
  }

  usePolicy(arn: string): boolean {
    return [...this.values()].some((queue) => queue.schedulingPolicyArn === arn);
  }
}
