import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  BatchClient,
  CreateComputeEnvironmentCommand,
  CreateJobQueueCommand,
  CreateSchedulingPolicyCommand,
  DescribeJobsCommand,
  type JobDetail,
  RegisterJobDefinitionCommand,
  type RegisterJobDefinitionCommandInput,
  SubmitJobCommand,
  type SubmitJobCommandInput,
} from '@aws-sdk/client-batch';
import { CloudWatchLogsClient, CreateLogGroupCommand, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { expect } from 'vitest';
import { type Engine, startEngineWith } from '../../../src/kernel/engine.js';
import type { AwsEvent, EngineContext } from '../../../src/kernel/service.js';
import { type BatchOptions, createBatchService } from '../../../src/services/batch/service.js';
import type { ServiceFactory } from '../../../src/services/index.js';
import { createLogsService } from '../../../src/services/logs/service.js';
import { createS3Service } from '../../../src/services/s3/service.js';

const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };

/** An engine with Batch, Logs and S3, reached over HTTP with the AWS SDK, and a FIFO queue called `queue`. */
export class BatchWorld {
  readonly directory: string;
  readonly events: AwsEvent[] = [];
  readonly #options: BatchOptions;
  readonly #others: readonly ServiceFactory[];
  #engine: Engine | undefined;
  #batch: BatchClient | undefined;
  #logs: CloudWatchLogsClient | undefined;

  private constructor(options: BatchOptions, others: readonly ServiceFactory[], directory: string) {
    this.#options = options;
    this.#others = others;
    this.directory = directory;
  }

  /** @param others services in addition to S3, Logs and Batch */
  static async start(options: BatchOptions = {}, others: readonly ServiceFactory[] = []): Promise<BatchWorld> {
    const world = new BatchWorld(options, others, mkdtempSync(join(tmpdir(), 'bclaw-batch-')));
    await world.open();
    await world.createQueues();
    return world;
  }

  get batch(): BatchClient {
    if (this.#batch === undefined) throw new Error('the world is closed');
    return this.#batch;
  }

  get url(): string {
    if (this.#engine === undefined) throw new Error('the world is closed');
    return this.#engine.url;
  }

  /** Starts the engine on the same directory again. */
  async open(): Promise<void> {
    const create = (context: EngineContext) => {
      context.events.subscribe((event) => this.events.push(event));
      return createBatchService(context, { capacity: { vcpus: 4, memoryMiB: 4096 }, ...this.#options });
    };
    const engine = await startEngineWith([createS3Service, createLogsService, create, ...this.#others], {
      directory: this.directory,
      openRoles: ['jobs', 'states'],
    });
    const client = { endpoint: engine.url, region: engine.region, credentials };
    this.#engine = engine;
    this.#batch = new BatchClient(client);
    this.#logs = new CloudWatchLogsClient(client);
  }

  async close(): Promise<void> {
    this.#batch?.destroy();
    this.#logs?.destroy();
    await this.#engine?.close();
  }

  async end(): Promise<void> {
    await this.close();
    rmSync(this.directory, { recursive: true, force: true });
  }

  async createQueues(): Promise<void> {
    await this.batch.send(
      new CreateComputeEnvironmentCommand({ computeEnvironmentName: 'machine', type: 'UNMANAGED' }),
    );
    const order = { computeEnvironmentOrder: [{ order: 1, computeEnvironment: 'machine' }] };
    await this.batch.send(new CreateJobQueueCommand({ jobQueueName: 'queue', priority: 1, ...order }));
    const { arn } = await this.batch.send(
      new CreateSchedulingPolicyCommand({
        name: 'fair',
        fairsharePolicy: { shareDistribution: [{ shareIdentifier: 'light', weightFactor: 0.5 }] },
      }),
    );
    await this.batch.send(
      new CreateJobQueueCommand({ jobQueueName: 'shared', priority: 1, schedulingPolicyArn: arn, ...order }),
    );
  }

  /** Registers a job definition with a shell command, and submits a job with it. */
  async submit(
    script: string,
    settings: {
      readonly definition?: Partial<RegisterJobDefinitionCommandInput>;
      readonly job?: Partial<SubmitJobCommandInput>;
      readonly vcpus?: number;
      readonly memoryMiB?: number;
    } = {},
  ): Promise<string> {
    const { jobDefinitionArn } = await this.batch.send(
      new RegisterJobDefinitionCommand({
        jobDefinitionName: 'shell',
        type: 'container',
        containerProperties: {
          image: 'busybox',
          command: ['sh', '-c', script],
          resourceRequirements: [
            { type: 'VCPU', value: String(settings.vcpus ?? 1) },
            { type: 'MEMORY', value: String(settings.memoryMiB ?? 64) },
          ],
        },
        ...settings.definition,
      }),
    );
    const { jobId } = await this.batch.send(
      new SubmitJobCommand({ jobName: 'job', jobQueue: 'queue', jobDefinition: jobDefinitionArn, ...settings.job }),
    );
    return jobId ?? '';
  }

  async describe(jobId: string): Promise<JobDetail> {
    const { jobs } = await this.batch.send(new DescribeJobsCommand({ jobs: [jobId] }));
    const job = jobs?.[0];
    if (job === undefined) throw new Error(`no job ${jobId}`);
    return job;
  }

  async reaches(jobId: string, ...statuses: readonly string[]): Promise<JobDetail> {
    await expect
      .poll(async () => (await this.describe(jobId)).status, { interval: 20 })
      .toSatisfy((status: string) => statuses.includes(status));
    return this.describe(jobId);
  }

  finished(jobId: string): Promise<JobDetail> {
    return this.reaches(jobId, 'SUCCEEDED', 'FAILED');
  }

  async createLogGroup(logGroupName: string): Promise<void> {
    await this.#logs?.send(new CreateLogGroupCommand({ logGroupName }));
  }

  async log(stream: string | undefined, logGroupName = '/aws/batch/job'): Promise<readonly string[]> {
    const { events } = (await this.#logs?.send(
      new GetLogEventsCommand({ logGroupName, logStreamName: stream, startFromHead: true }),
    )) ?? { events: [] };
    return (events ?? []).map(({ message }) => message ?? '');
  }

  /** The published statuses of a job, in order. */
  published(jobId: string): readonly unknown[] {
    return this.events.filter(({ detail }) => detail['jobId'] === jobId).map(({ detail }) => detail['status']);
  }
}
