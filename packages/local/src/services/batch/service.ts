import { present } from '../../kernel/present.js';
import type { EngineContext, Service } from '../../kernel/service.js';
import { operationTable } from '../../operation.js';
import { batchAccess } from './access.js';
import { Attempts, type Timer } from './attempts.js';
import { ComputeEnvironments } from './compute-environments.js';
import { ConsumableResources } from './consumable-resources.js';
import type { Executor } from './executor.js';
import { JobDefinitions } from './job-definitions.js';
import { JobQueues } from './job-queues.js';
import { JobStore } from './job-store.js';
import { createJobLauncher } from './launch.js';
import { computeEnvironmentOperations } from './operations/compute-environments.js';
import { consumableResourceOperations } from './operations/consumable-resources.js';
import { jobDefinitionOperations } from './operations/job-definitions.js';
import { jobQueueOperations } from './operations/job-queues.js';
import { type JobParts, jobOperations, terminateJob } from './operations/jobs.js';
import { schedulingPolicyOperations } from './operations/scheduling-policies.js';
import { taggedRecords, tagOperations } from './operations/tags.js';
import { type Resources, Scheduler } from './scheduler.js';
import { SchedulingPolicies } from './scheduling-policies.js';
import { thisMachine } from './this-machine.js';

/** Options of the embedded Batch service. */
export interface BatchOptions {
  /** Default `process`: commands run on the host. */
  readonly executor?: Executor;
  /** Container engine of the executor `docker`, in the form of `DOCKER_HOST`. Default: the value of `DOCKER_HOST`. */
  readonly containerEngine?: string;
  /** Resources shared by all jobs. Default: all of the machine. */
  readonly capacity?: Resources;
  /** Time between SIGTERM and SIGKILL, in milliseconds. Default 30,000, as in AWS Batch. */
  readonly killGraceMs?: number;
  /** Path of the runner program. Default: that of the installed @bclaw/runner. */
  readonly runnerProgram?: string;
  /** Timer; replaced in tests. */
  readonly timer?: Timer;
}

const defaultKillGraceMs = 30_000;

/**
 * AWS Batch on this machine: container jobs run as processes, as many at once as vCPUs and memory allow.
 *
 * @example
 * ```ts
 * const batch = createBatchService(context, { capacity: { vcpus: 4, memoryMiB: 8192 } });
 * ```
 */
export function createBatchService(context: EngineContext, options: BatchOptions = {}): Service {
  const definitions = new JobDefinitions(context);
  const environments = new ComputeEnvironments(context);
  const policies = new SchedulingPolicies(context);
  const queues = new JobQueues(context, policies);
  const consumables = new ConsumableResources(context);
  const store = new JobStore(context, definitions);
  const launcher = createJobLauncher(context, {
    executor: options.executor ?? 'process',
    ...present({ containerEngine: options.containerEngine, runnerProgram: options.runnerProgram }),
  });
  const attempts = new Attempts(context, store, definitions, consumables, launcher, {
    killGraceMs: options.killGraceMs ?? defaultKillGraceMs,
    timer: options.timer ?? hostTimer,
  });
  const scheduler = new Scheduler(options.capacity ?? thisMachine(), queues, consumables, (jobId) =>
    attempts.start(jobId, scheduler),
  );
  const parts: JobParts = { store, definitions, queues, consumables, scheduler, attempts };

  const taggable = [
    taggedRecords(definitions),
    taggedRecords(environments),
    taggedRecords(policies),
    taggedRecords(queues),
    taggedRecords(consumables),
    taggedRecords({
      find: (arn) => store.get(arn.slice(arn.lastIndexOf('/') + 1))?.record,
      replace: (record) => store.replaceRecord(record),
    }),
  ];
  const tagsOf = (arn: string) => taggable.map((kind) => kind.read(arn)).find((tags) => tags !== undefined);

  return {
    name: 'batch',
    operations: operationTable(
      jobDefinitionOperations(definitions),
      computeEnvironmentOperations(environments, (arn) => queues.useEnvironment(arn)),
      schedulingPolicyOperations(policies, (arn) => queues.usePolicy(arn)),
      jobQueueOperations(queues, environments, policies, terminateJobsOf),
      consumableResourceOperations(consumables, () => scheduler.lookAgain()),
      jobOperations(context, parts),
      tagOperations(taggable),
    ),
    access: batchAccess(context, parts, tagsOf),
    start() {
      launcher.endOrphans();
      store.forgetOld(Date.now());
      for (const job of [...store.all()]) {
        const { status } = job.state;
        if (status === 'SUBMITTED' || status === 'RUNNABLE') attempts.queue(job.record.jobId, scheduler);
        else if (status === 'STARTING' || status === 'RUNNING') recover(job.record.jobId);
      }
    },
    stop: () => attempts.stop(),
  };

  function terminateJobsOf(queueArn: string): void {
    for (const job of store.all())
      if (job.record.jobQueue === queueArn) terminateJob(parts, job, 'The job queue was deleted');
  }

  /** Other services start first, so that those waiting for a job receive the event that the job was lost. */
  function recover(jobId: string): void {
    setImmediate(async () => {
      const job = store.get(jobId);
      if (job === undefined) return;
      try {
        await attempts.recover(job, scheduler);
      } catch (error) {
        context.log.error('A job could not be recovered.', { jobId, error: String(error) });
      }
    });
  }
}

const hostTimer: Timer = (ms, run) => {
  // Node.js: a longer delay counts as 1 ms; the engine is restarted sooner than after 24 days.
  const timeout = setTimeout(run, Math.min(ms, 2 ** 31 - 1));
  return () => clearTimeout(timeout);
};
