import { randomUUID } from 'node:crypto';
import Type, { type Static } from 'typebox';
import { present } from '../../../kernel/present.js';
import type { EngineContext } from '../../../kernel/service.js';
import type { Operation } from '../../../operation.js';
import { pageOf, sortedBy } from '../../../wire/page.js';
import { batchArn } from '../arns.js';
import type { Attempts } from '../attempts.js';
import type { ConsumableResources } from '../consumable-resources.js';
import { commandOf } from '../container.js';
import type { JobDefinitions } from '../job-definitions.js';
import { jobSummary } from '../job-detail.js';
import { jobFilter } from '../job-filter.js';
import type { JobQueues } from '../job-queues.js';
import type { JobStore } from '../job-store.js';
import type { Job } from '../model.js';
import { clientException, operation, optionalText, page, pageOptions, tags, textMap } from '../operation.js';
import { refuseEmptyElements } from '../parameters.js';
import { checkJobName } from '../resource-name.js';
import type { Scheduler } from '../scheduler.js';
import { checkRetryStrategy, consumableResourceProperties, container, retryStrategy, timeout } from '../shapes.js';

/** AWS Batch quota "Maximum payload size for SubmitJob operations". */
const maxSubmitBytes = 30 * 1024;

const anything = Type.Optional(Type.Unknown());
const submission = Type.Object({
  jobName: Type.String(),
  jobQueue: Type.String(),
  jobDefinition: Type.String(),
  parameters: Type.Optional(textMap),
  containerOverrides: Type.Optional(Type.Object({ ...container, instanceType: optionalText })),
  retryStrategy: Type.Optional(retryStrategy),
  timeout: Type.Optional(timeout),
  shareIdentifier: optionalText,
  schedulingPriorityOverride: Type.Optional(Type.Integer({ minimum: 0, maximum: 9999 })),
  propagateTags: Type.Optional(Type.Boolean()),
  consumableResourcePropertiesOverride: Type.Optional(consumableResourceProperties),
  arrayProperties: anything,
  dependsOn: Type.Optional(Type.Array(Type.Unknown())),
  nodeOverrides: anything,
  eksPropertiesOverride: anything,
  ecsPropertiesOverride: anything,
  tags,
});
const stop = Type.Object({ jobId: Type.String(), reason: Type.String({ minLength: 1 }) });

export interface JobParts {
  readonly store: JobStore;
  readonly definitions: JobDefinitions;
  readonly queues: JobQueues;
  readonly consumables: ConsumableResources;
  readonly scheduler: Scheduler;
  readonly attempts: Attempts;
}

/** Submitting, describing and stopping jobs. */
export function jobOperations(context: EngineContext, parts: JobParts): Operation[] {
  const { store } = parts;
  return [
    operation('SubmitJob', submission, (input) => submitJob(context, parts, input)),

    operation('DescribeJobs', Type.Object({ jobs: Type.Array(Type.String(), { maxItems: 100 }) }), ({ jobs }) => {
      const found = jobs.map((jobId) => store.get(jobIdOf(jobId))).filter((job) => job !== undefined);
      return { jobs: found.map((job) => store.detail(job)) };
    }),

    operation(
      'ListJobs',
      Type.Object({
        ...page,
        jobQueue: optionalText,
        jobStatus: optionalText,
        arrayJobId: optionalText,
        multiNodeJobId: optionalText,
        filters: Type.Optional(
          Type.Array(Type.Object({ name: Type.String(), values: Type.Array(Type.String(), { minItems: 1 }) }), {
            maxItems: 1,
          }),
        ),
      }),
      (request) => {
        if (request.arrayJobId !== undefined || request.multiNodeJobId !== undefined)
          throw clientException('The embedded engine has neither array jobs nor multi-node jobs.');
        if (request.jobQueue === undefined)
          throw clientException(
            'Error executing request, Exception : One of jobQueue, arrayJobId and multiNodeJobId is required',
          );
        const queue = parts.queues.get(request.jobQueue).jobQueueArn;
        const accepts = jobFilter(request);
        const found = [...store.all()].filter((job) => job.record.jobQueue === queue && accepts(job));
        const { items, nextToken } = pageOf(sortedBy(found, newestFirst), newestFirst, pageOptions(request, 1000));
        return { jobSummaryList: items.map(jobSummary), nextToken };
      },
    ),

    operation('CancelJob', stop, ({ jobId, reason }) => {
      // A job that has started is left alone: TerminateJob stops those.
      stopWaiting(parts, known(store, jobId), 'cancelled', reason);
      return {};
    }),

    operation('TerminateJob', stop, ({ jobId, reason }) => {
      terminateJob(parts, known(store, jobId), reason);
      return {};
    }),
  ];
}

/** Ends a job in any status; a finished job stays as it is. */
export function terminateJob(parts: JobParts, job: Job, reason: string): void {
  if (stopWaiting(parts, job, 'terminated', reason)) return;
  const { record, state } = job;
  if (state.status !== 'STARTING' && state.status !== 'RUNNING') return;
  parts.store.update(record.jobId, { ...state, stopRequest: state.stopRequest ?? { kind: 'terminated', reason } });
  parts.attempts.terminate(record.jobId, reason);
}

function submitJob(context: EngineContext, parts: JobParts, request: Static<typeof submission>) {
  if (Buffer.byteLength(JSON.stringify(request)) > maxSubmitBytes)
    throw clientException(
      `Error executing request, Exception : The SubmitJob request is larger than ${maxSubmitBytes} bytes (30 KiB).`,
    );
  checkJobName(request.jobName);
  refuseForeignMembers(request);
  const queue = parts.queues.get(request.jobQueue);
  if (queue.state !== 'ENABLED')
    throw clientException(`Cannot submit job, job queue ${queue.jobQueueArn} is DISABLED.`);
  const definition = parts.definitions.resolve(request.jobDefinition);
  refuseEmptyElements(commandOf(definition, request));
  checkShare(request.shareIdentifier, queue.schedulingPolicyArn);
  const schedulingPriority = request.schedulingPriorityOverride ?? definition.schedulingPriority;
  if (queue.schedulingPolicyArn !== undefined && schedulingPriority === undefined)
    throw clientException('Either schedulingPriority in job definition or schedulingPriorityOverride is required.');

  const jobId = randomUUID();
  const jobArn = batchArn(context, 'job', jobId);
  const { retryStrategy, timeout, shareIdentifier, propagateTags } = request;
  checkRetryStrategy(retryStrategy);
  const needs = present({ consumableResourceProperties: request.consumableResourcePropertiesOverride });
  parts.consumables.requireAll(parts.consumables.needsOf(definition, needs));
  parts.store.add({
    jobId,
    jobName: request.jobName,
    jobArn,
    jobQueue: queue.jobQueueArn,
    jobDefinition: definition.jobDefinitionArn,
    createdAt: Date.now(),
    parameters: request.parameters ?? {},
    containerOverrides: request.containerOverrides ?? {},
    tags: request.tags ?? {},
    ...present({ retryStrategy, timeout, shareIdentifier, schedulingPriority, propagateTags }),
    ...needs,
  });
  setImmediate(() => {
    if (parts.store.get(jobId)?.state.status === 'SUBMITTED') parts.attempts.queue(jobId, parts.scheduler);
  });
  return { jobArn, jobName: request.jobName, jobId };
}

/**
 * AWS Batch requires a share identifier in a fair-share queue and rejects it in others (SubmitJob, `shareIdentifier`).
 */
function checkShare(share: string | undefined, policyArn: string | undefined): void {
  if (policyArn !== undefined && share === undefined) throw clientException('shareIdentifier must be specified.');
  if (policyArn === undefined && share !== undefined)
    throw clientException('shareIdentifier must not be specified: the job queue has no scheduling policy.');
  if (share !== undefined && !/^[A-Za-z0-9]{1,255}$/.test(share))
    throw clientException(`shareIdentifier ${share} must consist of up to 255 letters and digits.`);
}

function refuseForeignMembers(request: Readonly<Record<string, unknown>>): void {
  const foreign = ['arrayProperties', 'nodeOverrides', 'eksPropertiesOverride', 'ecsPropertiesOverride'];
  const dependencies = request['dependsOn'];
  const found =
    foreign.find((member) => request[member] !== undefined) ??
    (Array.isArray(dependencies) && dependencies.length > 0 ? 'dependsOn' : undefined);
  if (found !== undefined)
    throw clientException(`The embedded engine runs single container jobs only; it does not have ${found}.`);
}

/** Fails a job that has not started; returns false if it has. */
function stopWaiting(parts: JobParts, job: Job, kind: 'cancelled' | 'terminated', reason: string): boolean {
  const { record, state } = job;
  if (state.status !== 'SUBMITTED' && state.status !== 'RUNNABLE') return false;
  parts.scheduler.remove(record.jobId);
  parts.store.update(record.jobId, {
    ...state,
    status: 'FAILED',
    statusReason: reason,
    stoppedAt: Date.now(),
    stopRequest: { kind, reason },
  });
  return true;
}

function known(store: JobStore, jobId: string): Job {
  const job = store.get(jobIdOf(jobId));
  if (job === undefined) throw clientException(`Error executing request, Exception : Job ${jobId} does not exist`);
  return job;
}

/** Sorts by descending creation time; epoch milliseconds have thirteen digits until the year 2286. */
function newestFirst({ record }: Job): string {
  return `${9_999_999_999_999 - record.createdAt}-${record.jobId}`;
}

function jobIdOf(idOrArn: string): string {
  return idOrArn.slice(idOrArn.lastIndexOf('/') + 1);
}
