import type { ProcessIdentity } from '@bclaw/runner/machine';
import { callingAs } from '../../kernel/access/calling-as.js';
import { roleCaller } from '../../kernel/access/session.js';
import type { EngineContext } from '../../kernel/service.js';
import type { ConsumableResources } from './consumable-resources.js';
import { type ResolvedContainer, resolveContainer } from './container.js';
import type { JobDefinitions } from './job-definitions.js';
import { retryStrategyOf, timeoutOf } from './job-detail.js';
import { JobLog } from './job-log.js';
import type { JobStore } from './job-store.js';
import type { JobLauncher } from './launch.js';
import type { AttemptDetail, CurrentAttempt, Job, JobState } from './model.js';
import { runsAgain } from './retry.js';
import type { Resources, Scheduler } from './scheduler.js';
import { stopLeftover } from './spawner/process-group.js';
import { type JobProcess, type ProcessEnd, Spawner } from './spawner/spawner.js';
import { hostTerminated, taskArnOf, taskLogStream, thisInstance } from './task.js';

/** Runs a function after a delay; the returned function cancels it. */
export type Timer = (ms: number, run: () => void) => () => void;

export interface AttemptsOptions {
  /** Time between SIGTERM and SIGKILL, in milliseconds. */
  readonly killGraceMs: number;
  readonly timer: Timer;
}

/** Exit code after SIGKILL: 128 plus the signal's number. */
const killedExitCode = 137;

/** AWS's message for an attempt that exceeded `attemptDurationSeconds`. */
const timedOut = 'Job attempt duration exceeded timeout';

interface RunningAttempt {
  readonly attempt: CurrentAttempt;
  readonly callOff: (() => void)[];
  /** Absent until the attempt is started. */
  process?: JobProcess;
  /** Set when the engine decided to end the attempt: it is not retried. */
  stopReason?: string;
  finished: Promise<void>;
}

/** Runs the attempts of jobs as processes of this machine and records their results. */
export class Attempts {
  readonly #context: EngineContext;
  readonly #store: JobStore;
  readonly #definitions: JobDefinitions;
  readonly #consumables: ConsumableResources;
  readonly #launcher: JobLauncher;
  readonly #options: AttemptsOptions;
  readonly #spawner = new Spawner();
  readonly #running = new Map<string, RunningAttempt>();
  #stopping = false;

  constructor(
    context: EngineContext,
    store: JobStore,
    definitions: JobDefinitions,
    consumables: ConsumableResources,
    launcher: JobLauncher,
    options: AttemptsOptions,
  ) {
    this.#context = context;
    this.#store = store;
    this.#definitions = definitions;
    this.#consumables = consumables;
    this.#launcher = launcher;
    this.#options = options;
  }

  /** Queues a job in the scheduler. */
  queue(jobId: string, scheduler: Scheduler): void {
    const job = this.#store.get(jobId);
    if (job === undefined || this.#stopping) return;
    const { record, state } = job;
    const definition = this.#definitions.get(record.jobDefinition);
    const { vcpus, memoryMiB } = resolveContainer(definition, record);
    const { startedAt: _startedAt, stoppedAt: _stoppedAt, current: _current, ...kept } = state;
    this.#store.update(jobId, { ...kept, status: 'RUNNABLE' });
    scheduler.add({
      jobId,
      queue: record.jobQueue,
      share: record.shareIdentifier ?? '',
      priority: record.schedulingPriority ?? definition.schedulingPriority ?? 0,
      vcpus,
      memoryMiB,
      needs: this.#consumables.needsOf(definition, record),
    });
  }

  /** Starts the next attempt of a job when the scheduler selects it. */
  start(jobId: string, scheduler: Scheduler): void {
    const job = this.#store.get(jobId);
    if (job === undefined || this.#stopping) {
      scheduler.release(jobId);
      return;
    }
    const definition = this.#definitions.get(job.record.jobDefinition);
    const container = resolveContainer(definition, job.record);
    const taskArn = taskArnOf(this.#context);
    const attempt: CurrentAttempt = {
      number: job.state.attempts.length + 1,
      taskArn,
      logStreamName: taskLogStream(definition.jobDefinitionName, taskArn),
    };
    const { statusReason: _earlier, ...state } = job.state;
    const starting: JobState = {
      ...state,
      status: 'STARTING',
      current: attempt,
      ...(scheduler.exceedsMachine(container) ? { statusReason: tooLarge(container) } : {}),
    };
    this.#store.update(jobId, starting);
    const running: RunningAttempt = { attempt, callOff: [], finished: Promise.resolve() };
    this.#running.set(jobId, running);
    running.finished = this.#run({ record: job.record, state: starting }, container, running).then((outcome) => {
      this.#running.delete(jobId);
      for (const callOff of running.callOff) callOff();
      scheduler.release(jobId);
      const now = this.#store.get(jobId);
      if (now !== undefined && !this.#stopping) this.#settle(now, outcome, running.stopReason === undefined, scheduler);
    });
  }

  async #run(job: Job, container: ResolvedContainer, running: RunningAttempt): Promise<AttemptDetail> {
    const { attempt } = running;
    const startedAt = Date.now();
    let log: JobLog | undefined;
    let end: ProcessEnd;
    try {
      this.#checkRoles(container);
      log = await JobLog.open(
        this.#logWriter(container, attempt),
        attempt.logStreamName,
        container.properties.logConfiguration?.options,
      );
      // Recorded first: after a crash, the engine must know that the attempt may have started.
      await this.#context.journal.flush();
      end = await this.#runProcess(job, container, running, log, startedAt);
    } catch (error) {
      end = { kind: 'not-started', message: error instanceof Error ? error.message : String(error) };
    }
    await log?.close();
    // A killed runner could not end its container.
    if (end.kind === 'lost' || (end.kind === 'exited' && end.exitCode === killedExitCode)) this.#launcher.endOrphans();
    return {
      container: {
        taskArn: attempt.taskArn,
        containerInstanceArn: thisInstance(this.#context).containerInstanceArn,
        logStreamName: attempt.logStreamName,
        ...(end.kind === 'exited' ? { exitCode: end.exitCode } : {}),
        ...(end.kind === 'not-started' ? { reason: `CannotStartContainerError: ${end.message}`.slice(0, 255) } : {}),
      },
      ...(end.kind === 'not-started' ? {} : { startedAt }),
      stoppedAt: Date.now(),
      statusReason: running.stopReason ?? this.#reasonOf(end),
    };
  }

  /** @throws Error in ECS's words when a role of the job does not trust ECS */
  #checkRoles({ properties: { jobRoleArn, executionRoleArn } }: ResolvedContainer): void {
    for (const role of [jobRoleArn, executionRoleArn])
      if (typeof role === 'string' && this.#context.iam?.isAssumableBy(role, 'ecs-tasks.amazonaws.com') === false)
        throw new Error(
          `ECS was unable to assume the role '${role}' that was provided for this task. Please verify that the role being passed has the proper trust relationship and permissions and that your IAM user has permissions to pass this role.`,
        );
  }

  /** The log is written with the execution role; without one, by the host. */
  #logWriter({ properties: { executionRoleArn } }: ResolvedContainer, { taskArn }: CurrentAttempt): EngineContext {
    if (typeof executionRoleArn !== 'string') return this.#context;
    return callingAs(this.#context, roleCaller(executionRoleArn, taskArn.slice(taskArn.lastIndexOf('/') + 1)));
  }

  /** AWS's message. */
  #reasonOf(end: ProcessEnd): string {
    switch (end.kind) {
      case 'exited':
        return 'Essential container in task exited';
      case 'not-started':
        return 'Task failed to start';
      case 'lost':
        return hostTerminated(this.#context);
    }
  }

  async #runProcess(
    job: Job,
    container: ResolvedContainer,
    running: RunningAttempt,
    log: JobLog,
    startedAt: number,
  ): Promise<ProcessEnd> {
    if (running.stopReason !== undefined || this.#stopping)
      return { kind: 'not-started', message: 'the job was stopped before its container was started' };
    const command = this.#launcher.prepare(job, container, running.attempt);
    const process = this.#spawner.start(command, (chunk) => log.write(chunk));
    running.process = process;
    void process.started.then((identity) => this.#recordRunning(job, running, identity, startedAt));
    return process.ended;
  }

  #recordRunning(
    { record, state: starting }: Job,
    running: RunningAttempt,
    process: ProcessIdentity | undefined,
    startedAt: number,
  ): void {
    // The job may have been stopped in the meantime.
    const state = this.#store.get(record.jobId)?.state ?? starting;
    const current = process === undefined ? running.attempt : { ...running.attempt, process };
    this.#store.update(record.jobId, { ...state, status: 'RUNNING', startedAt, current });
    const seconds = timeoutOf(record, this.#definitions.get(record.jobDefinition))?.attemptDurationSeconds;
    if (seconds !== undefined)
      running.callOff.push(this.#options.timer(seconds * 1000, () => this.#end(running, timedOut)));
  }

  /** Ends a running job for good; its status is recorded when the process has ended. False if it is not running. */
  terminate(jobId: string, reason: string): boolean {
    const running = this.#running.get(jobId);
    if (running === undefined) return false;
    this.#end(running, reason);
    return true;
  }

  /** Resumes after a restart: jobs that ran when the engine died are stopped and count as lost with their host. */
  async recover(job: Job, scheduler: Scheduler): Promise<void> {
    const attempt = job.state.current;
    if (attempt?.process !== undefined) await stopLeftover(attempt.process, this.#options.killGraceMs);
    if (this.#stopping) return;
    const startedAt = job.state.startedAt;
    const lost: AttemptDetail = {
      container: {
        taskArn: attempt?.taskArn ?? taskArnOf(this.#context),
        containerInstanceArn: thisInstance(this.#context).containerInstanceArn,
        ...(attempt === undefined ? {} : { logStreamName: attempt.logStreamName }),
      },
      ...(startedAt === undefined ? {} : { startedAt }),
      stoppedAt: Date.now(),
      statusReason: job.state.stopRequest?.reason ?? hostTerminated(this.#context),
    };
    this.#settle(job, lost, job.state.stopRequest === undefined, scheduler);
  }

  /**
   * Ends all processes without recording an outcome: for the jobs it is the same as a lost host, and `recover` records
   * that at the next start.
   */
  async stop(): Promise<void> {
    this.#stopping = true;
    const running = [...this.#running.values()];
    for (const attempt of running) {
      for (const callOff of attempt.callOff) callOff();
      attempt.process?.signal('SIGTERM');
    }
    const callOff = this.#options.timer(this.#options.killGraceMs, () => {
      for (const attempt of running) attempt.process?.signal('SIGKILL');
    });
    await Promise.all(running.map((attempt) => attempt.finished));
    callOff();
    await this.#spawner.stop();
  }

  #end(running: RunningAttempt, reason: string): void {
    if (running.stopReason !== undefined) return;
    running.stopReason = reason;
    running.process?.signal('SIGTERM');
    running.callOff.push(this.#options.timer(this.#options.killGraceMs, () => running.process?.signal('SIGKILL')));
  }

  #settle(job: Job, outcome: AttemptDetail, mayRetry: boolean, scheduler: Scheduler): void {
    const { jobId } = job.record;
    const attempts = [...job.state.attempts, outcome];
    const { current: _current, ...state } = job.state;
    const recorded = { ...state, attempts, statusReason: outcome.statusReason, stoppedAt: outcome.stoppedAt };
    const strategy = retryStrategyOf(job.record, this.#definitions.get(job.record.jobDefinition));
    if (mayRetry && outcome.container.exitCode === 0) this.#store.update(jobId, { ...recorded, status: 'SUCCEEDED' });
    else if (mayRetry && runsAgain(strategy, attempts)) {
      this.#store.update(jobId, { ...recorded, status: job.state.status });
      this.queue(jobId, scheduler);
    } else this.#store.update(jobId, { ...recorded, status: 'FAILED' });
  }
}

function tooLarge(job: Resources): string {
  return `The job asks for ${job.vcpus} vCPUs and ${job.memoryMiB} MiB, more than this machine has: it runs alone and may run out.`;
}
