import type { Caller } from '../../../../kernel/access/caller.js';
import type { AwsEvent, EngineContext } from '../../../../kernel/service.js';
import { isArray, isObject, type Json, type JsonObject, member, parseJson } from '../data/json.js';
import { runtimeError, StateError } from '../data/state-error.js';
import type { TaskCall } from '../run/environment.js';
import { endsForeignWork } from '../run/outcome-errors.js';
import { camelCase, pascalCase } from './member-case.js';
import { optimizedError } from './service-errors.js';
import { sdkMetadata, serviceJson } from './service-json.js';

type JobDetail = JsonObject;

const isOver = (detail: JobDetail) => detail['status'] === 'SUCCEEDED' || detail['status'] === 'FAILED';
const idOf = (detail: JsonObject): string => {
  const id = member(detail, 'jobId');
  return typeof id === 'string' ? id : '';
};

interface Submitted {
  readonly jobId: string;
  readonly over: Promise<JobDetail>;
}

/** Waits for jobs through AWS Batch's own events, without polling or timers. */
class JobWatch {
  readonly #waiting = new Map<string, (detail: JobDetail) => void>();
  /** Jobs that ended before their submission returned, so that nothing was waiting for them yet. */
  readonly #early = new Map<string, JobDetail>();
  #submissions = 0;

  notice(event: AwsEvent): void {
    if (event.source !== 'aws.batch' || event['detail-type'] !== 'Batch Job State Change') return;
    const { jobId, status } = event.detail;
    if (typeof jobId !== 'string' || (status !== 'SUCCEEDED' && status !== 'FAILED')) return;
    const wake = this.#waiting.get(jobId);
    if (wake === undefined && this.#submissions === 0) return;
    const detail = parseJson(JSON.stringify(event.detail));
    if (!isObject(detail)) return;
    if (wake === undefined) this.#early.set(jobId, detail);
    else wake(detail);
  }

  /** Submits a job and waits for it from the very start. */
  async submission(submit: () => Promise<string>, signal: AbortSignal): Promise<Submitted> {
    this.#submissions += 1;
    try {
      const jobId = await submit();
      return { jobId, over: this.wait(jobId, signal) };
    } finally {
      this.#submissions -= 1;
      if (this.#submissions === 0) this.#early.clear();
    }
  }

  /** Resolves when the job has ended. */
  wait(jobId: string, signal: AbortSignal): Promise<JobDetail> {
    const early = this.#early.get(jobId);
    if (early !== undefined) {
      this.#early.delete(jobId);
      return Promise.resolve(early);
    }
    return new Promise((resolve, reject) => {
      const stop = () => {
        this.#waiting.delete(jobId);
        reject(signal.reason);
      };
      if (signal.aborted) {
        stop();
        return;
      }
      signal.addEventListener('abort', stop, { once: true });
      this.#waiting.set(jobId, (detail) => {
        this.#waiting.delete(jobId);
        signal.removeEventListener('abort', stop);
        resolve(detail);
      });
    });
  }
}

/** The environment variable that Step Functions adds to the jobs that it submits. */
const startedBy: JsonObject = { Name: 'MANAGED_BY_AWS', Value: 'STARTED_BY_STEP_FUNCTIONS' };

function marked(input: JsonObject): JsonObject {
  const overrides = member(input, 'ContainerOverrides');
  const given = isObject(overrides) ? overrides : {};
  const environment = member(given, 'Environment');
  return {
    ...input,
    ContainerOverrides: { ...given, Environment: [...(isArray(environment) ? environment : []), startedBy] },
  };
}

/** `states:::batch:submitJob` and `.sync` */
export class BatchIntegration {
  readonly #engine: EngineContext;
  readonly #watch = new JobWatch();
  readonly #unsubscribe: () => void;

  constructor(engine: EngineContext) {
    this.#engine = engine;
    this.#unsubscribe = engine.events.subscribe((event) => this.#watch.notice(event));
  }

  stop(): void {
    this.#unsubscribe();
  }

  async submit(task: TaskCall): Promise<Json> {
    return submission(await this.#submitted(task));
  }

  /** Submits a job, or finds the one that was submitted before a restart, and waits until it ends. */
  async run(task: TaskCall): Promise<Json> {
    const { jobId, over } = task.resumed === undefined ? await this.#begin(task) : this.#find(task, task.resumed);
    const { signal } = task;
    const cancel = () => {
      if (endsForeignWork(signal)) this.#terminate(jobId, task.caller);
    };
    if (signal.aborted) cancel();
    else signal.addEventListener('abort', cancel, { once: true });
    try {
      return resultOf(await over);
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  }

  #begin(task: TaskCall): Promise<Submitted> {
    return this.#watch.submission(async () => {
      const answer = await this.#submitted(task);
      // This runs in the same turn in which Batch records the job: the journal keeps both records or neither, so no job
      // is submitted twice.
      task.submitted(JSON.stringify(submission(answer)));
      return idOf(answer);
    }, task.signal);
  }

  #find(task: TaskCall, submitted: string): Submitted {
    const jobId = jobIdIn(submitted);
    const over = this.#watch.wait(jobId, task.signal);
    // The job may have ended while the engine was down, in which case its event has passed.
    return { jobId, over: Promise.race([over, this.#alreadyOver(jobId, over, task.caller)]) };
  }

  async #submitted({ input, caller }: TaskCall): Promise<JsonObject> {
    if (!isObject(input)) throw runtimeError('The Parameters of batch:submitJob must be an object');
    try {
      return toObject(
        await serviceJson(
          await this.#engine.call('batch', 'SubmitJob', camelCase(marked(input)), caller),
          'milliseconds',
        ),
      );
    } catch (thrown) {
      throw optimizedError('Batch', thrown);
    }
  }

  async #describe(jobId: string, caller: Caller): Promise<JobDetail | undefined> {
    const answer = await serviceJson(
      await this.#engine.call('batch', 'DescribeJobs', { jobs: [jobId] }, caller),
      'milliseconds',
    );
    const jobs = isObject(answer) ? member(answer, 'jobs') : undefined;
    return isArray(jobs) && isObject(jobs[0]) ? jobs[0] : undefined;
  }

  async #alreadyOver(jobId: string, over: Promise<JobDetail>, caller: Caller): Promise<JobDetail> {
    const detail = await this.#describe(jobId, caller);
    if (detail === undefined) throw new StateError('States.TaskFailed', `The job ${jobId} does not exist any more`);
    return isOver(detail) ? detail : over;
  }

  #terminate(jobId: string, caller: Caller): void {
    const reason = 'The Step Functions execution that waited for the job ended';
    this.#engine.call('batch', 'TerminateJob', { jobId, reason }, caller).catch((error: unknown) => {
      this.#engine.log.error('A Batch job could not be terminated', { jobId, error: String(error) });
    });
  }
}

const toObject = (value: Json): JsonObject => (isObject(value) ? value : {});

const submission = (answer: JsonObject): JsonObject => ({
  ...toObject(pascalCase(answer)),
  ...sdkMetadata({ connection: 'keep-alive', 'Content-Type': 'application/json' }, JSON.stringify(answer)),
});

function jobIdIn(submitted: string): string {
  const id = member(toObject(parseJson(submitted)), 'JobId');
  return typeof id === 'string' ? id : '';
}

function resultOf(detail: JobDetail): Json {
  const result = pascalCase(detail);
  if (detail['status'] === 'SUCCEEDED') return result;
  throw new StateError('States.TaskFailed', JSON.stringify(result));
}
