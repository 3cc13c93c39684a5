import type { Table } from '../../kernel/journal.js';
import type { EngineContext } from '../../kernel/service.js';
import type { JobDefinitions } from './job-definitions.js';
import { jobDetail } from './job-detail.js';
import type { Job, JobRecord, JobState } from './model.js';

/** AWS Batch keeps finished jobs for at least a day and shows them for about a week. */
const keptMs = 7 * 24 * 60 * 60 * 1000;

/** All jobs. Each status change is journaled and published as in AWS. */
export class JobStore {
  readonly #context: EngineContext;
  readonly #definitions: JobDefinitions;
  readonly #records: Table<JobRecord>;
  readonly #states: Table<JobState>;

  constructor(context: EngineContext, definitions: JobDefinitions) {
    this.#context = context;
    this.#definitions = definitions;
    this.#records = context.journal.table('batch/jobs');
    this.#states = context.journal.table('batch/job-states');
  }

  add(record: JobRecord): void {
    this.#records.set(record.jobId, record);
    this.update(record.jobId, { status: 'SUBMITTED', attempts: [] });
  }

  get(jobId: string): Job | undefined {
    const record = this.#records.get(jobId);
    const state = this.#states.get(jobId);
    return record === undefined || state === undefined ? undefined : { record, state };
  }

  /** For members that are independent of the status, such as tags. */
  replaceRecord(record: JobRecord): void {
    this.#records.set(record.jobId, record);
  }

  *all(): IterableIterator<Job> {
    for (const record of this.#records.values()) {
      const state = this.#states.get(record.jobId);
      if (state !== undefined) yield { record, state };
    }
  }

  detail(job: Job): Readonly<Record<string, unknown>> {
    return jobDetail(job, this.#definitions.get(job.record.jobDefinition));
  }

  /** Records the state of a job; a new status is also published. */
  update(jobId: string, state: JobState): void {
    const before = this.#states.get(jobId);
    this.#states.set(jobId, state);
    const record = this.#records.get(jobId);
    if (record === undefined || before?.status === state.status) return;
    this.#context.events.publish({
      source: 'aws.batch',
      'detail-type': 'Batch Job State Change',
      resources: [record.jobArn],
      detail: this.detail({ record, state }),
    });
  }

  /** Removes jobs that finished long ago, so that the journal does not grow forever. */
  forgetOld(now: number): void {
    for (const [jobId, state] of [...this.#states.entries()]) {
      const finished = state.status === 'SUCCEEDED' || state.status === 'FAILED';
      if (!finished || (state.stoppedAt ?? now) > now - keptMs) continue;
      this.#states.delete(jobId);
      this.#records.delete(jobId);
    }
  }
}
