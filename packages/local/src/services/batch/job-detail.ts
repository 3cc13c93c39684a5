import { present } from '../../kernel/present.js';
import { resolveContainer } from './container.js';
import type { Job, JobDefinitionRecord, JobTimeout, RetryStrategy } from './model.js';

/** The effective settings of a job, from its definition and its submission. */
export function retryStrategyOf(job: Job['record'], definition: JobDefinitionRecord): RetryStrategy {
  return job.retryStrategy ?? definition.retryStrategy ?? {};
}

export function timeoutOf(job: Job['record'], definition: JobDefinitionRecord): JobTimeout | undefined {
  return job.timeout ?? definition.timeout;
}

/**
 * Output of DescribeJobs and the event "Batch Job State Change" (AWS Batch, JobDetail). Times are epoch milliseconds.
 */
export function jobDetail({ record, state }: Job, definition: JobDefinitionRecord): Readonly<Record<string, unknown>> {
  const container = resolveContainer(definition, record);
  const last = state.attempts.at(-1)?.container;
  const retryStrategy = retryStrategyOf(record, definition);
  const timeout = timeoutOf(record, definition);
  return {
    jobArn: record.jobArn,
    jobName: record.jobName,
    jobId: record.jobId,
    jobQueue: record.jobQueue,
    status: state.status,
    ...present({
      shareIdentifier: record.shareIdentifier,
      schedulingPriority: record.schedulingPriority ?? definition.schedulingPriority,
      statusReason: state.statusReason,
      startedAt: state.startedAt,
      stoppedAt: state.stoppedAt,
      timeout,
      propagateTags: record.propagateTags ?? definition.propagateTags,
      consumableResourceProperties: record.consumableResourceProperties ?? definition.consumableResourceProperties,
    }),
    attempts: state.attempts,
    createdAt: record.createdAt,
    retryStrategy: { attempts: retryStrategy.attempts ?? 1, evaluateOnExit: retryStrategy.evaluateOnExit ?? [] },
    dependsOn: [],
    jobDefinition: record.jobDefinition,
    parameters: { ...definition.parameters, ...record.parameters },
    container: {
      ...container.properties,
      image: container.image,
      command: container.command,
      environment: container.environment,
      resourceRequirements: container.resourceRequirements,
      ...present({
        exitCode: last?.exitCode,
        reason: last?.reason,
        containerInstanceArn: last?.containerInstanceArn,
        taskArn: state.current?.taskArn ?? last?.taskArn,
        logStreamName: state.current?.logStreamName ?? last?.logStreamName,
      }),
    },
    tags: record.tags,
    platformCapabilities: definition.platformCapabilities ?? ['EC2'],
    eksAttempts: [],
    isCancelled: state.stopRequest?.kind === 'cancelled',
    isTerminated: state.stopRequest?.kind === 'terminated',
  };
}

/** A job in ListJobs (AWS Batch, JobSummary). */
export function jobSummary({ record, state }: Job): Readonly<Record<string, unknown>> {
  const last = state.attempts.at(-1)?.container;
  return {
    jobArn: record.jobArn,
    jobId: record.jobId,
    jobName: record.jobName,
    jobDefinition: record.jobDefinition,
    createdAt: record.createdAt,
    status: state.status,
    ...present({
      shareIdentifier: record.shareIdentifier,
      statusReason: state.statusReason,
      startedAt: state.startedAt,
      stoppedAt: state.stoppedAt,
      container: last === undefined ? undefined : present({ exitCode: last.exitCode, reason: last.reason }),
    }),
  };
}
