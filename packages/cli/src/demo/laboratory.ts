import {
  type Clients,
  deploy,
  type ExecutionDescription,
  ensureBucket,
  findExecution,
  listObjects,
  listVersions,
  poll,
  readStatus,
  readText,
  requireS3Uri,
  submit,
  uploadFile,
  type Version,
  waitForEnd,
  waitForLaunch,
} from '@bclaw/ops';
import type { Example, JobData } from './example.js';

/** The workflow's name in the demo. */
export const workflow = 'phage-gc';

/** The bucket of the example's data and results. */
const bucket = 'phage-data';

/** A submitted job, and its execution. */
export interface Job {
  readonly run: string;
  readonly executionArn: string;
}

/** A job's data in Step Functions and S3. */
export interface JobFacts {
  readonly execution: ExecutionDescription;
  /** The names of the executed steps. */
  readonly steps: readonly string[];
  /** `summary.tsv`: the workflow's summary of its own run. */
  readonly summary: Readonly<Record<string, string>>;
  /** True when the results contain the output of the step that version 2 drops. */
  readonly hasExtremes: boolean;
}

/** The demo's actions: each method is something that a user would do, or look up. */
export class Laboratory {
  readonly clients: Clients;
  readonly #example: Example;
  readonly #signal: AbortSignal;

  constructor(clients: Clients, example: Example, signal: AbortSignal) {
    this.clients = clients;
    this.#example = example;
    this.#signal = signal;
  }

  async uploadGenome(): Promise<string> {
    const uri = this.#example.jobs.coarse.genome;
    await ensureBucket(this.clients, bucket);
    await uploadFile(this.clients, this.#example.genomePath, requireS3Uri(uri));
    return uri;
  }

  async deploy(template: string) {
    return await deploy(this.clients, { workflow, template, signal: this.#signal });
  }

  /** Submits a job and waits until its execution has started. */
  async submit(job: JobData): Promise<Job> {
    const [submitted] = await submit(this.clients, {
      workflow,
      files: [{ name: `${job.run}.json`, body: JSON.stringify(job) }],
    });
    const { executionArn } = await waitForLaunch(this.clients, {
      workflow,
      executionName: submitted?.executionName ?? '',
      signal: this.#signal,
    });
    return { run: job.run, executionArn };
  }

  async finish(job: Job, onProgress?: (step: string) => void): Promise<void> {
    await waitForEnd(this.clients, {
      execution: job.executionArn,
      signal: this.#signal,
      onProgress: ({ steps }) => onProgress?.(steps.at(-1)?.name ?? ''),
    });
  }

  /** Waits until a job has reached a step. */
  async reach(job: Job, step: string): Promise<void> {
    await poll(
      async () => {
        const { steps, status } = await readStatus(this.clients, { execution: job.executionArn });
        return status !== 'RUNNING' || steps.some(({ name }) => name === step) ? true : undefined;
      },
      { what: `the job ${job.run} to reach ${step}`, timeoutMs: 60_000, intervalMs: 100, signal: this.#signal },
    );
  }

  async versions() {
    return await listVersions(this.clients, { workflow });
  }

  async version(number: number): Promise<Version | undefined> {
    return (await this.versions()).versions.find(({ version }) => version === number);
  }

  async facts(job: Job): Promise<JobFacts> {
    const results = `results/${job.run}/`;
    const [status, table, objects] = await Promise.all([
      readStatus(this.clients, { execution: job.executionArn }),
      readText(this.clients, { bucket, key: `${results}summary.tsv` }),
      listObjects(this.clients, { bucket, key: results }),
    ]);
    const rows = (table ?? '').trimEnd().split('\n');
    return {
      execution: status,
      steps: status.steps.map(({ name }) => name),
      summary: Object.fromEntries(rows.map((row) => row.split('\t'))),
      hasExtremes: objects.some(({ key }) => key === `${results}extremes.tsv`),
    };
  }

  /** The table that a job wrote, as text; empty when it does not exist. */
  async output(job: Job, file: string): Promise<string> {
    return (await readText(this.clients, { bucket, key: `results/${job.run}/${file}` })) ?? '';
  }

  async execution(arn: string): Promise<ExecutionDescription> {
    return await findExecution(this.clients, arn);
  }
}
