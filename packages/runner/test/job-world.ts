import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SFNClient } from '@aws-sdk/client-sfn';
import { type Engine, startEngine } from '@bclaw/local';
import type { JobStep } from '@bclaw/spec';
import { awsClientSettings } from '../src/aws-client-settings.js';
import {
  createLog,
  createProcessExecutor,
  createS3ObjectStore,
  parseArguments,
  runJob,
  type Settings,
} from '../src/index.js';

/** A test's parameters of a step; everything else has simple defaults. */
export type StepSettings = Partial<JobStep>;

export interface JobSettings {
  readonly step?: StepSettings;
  readonly repo?: string;
  readonly index?: string;
  readonly jobData?: string;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly scatter?: Readonly<Record<string, unknown>>;
  readonly parent?: Readonly<Record<string, unknown>>;
  readonly attempt?: Partial<Pick<Settings, 'attempt' | 'waitSeconds' | 'timeoutSeconds'>>;
}

/** The result of a job. */
export interface JobOutcome {
  readonly exitCode: number;
  /** The user's lines. */
  readonly user: readonly string[];
  /** The runner's own lines. */
  readonly own: readonly Readonly<Record<string, unknown>>[];
  /** The executions that the runner asked Step Functions to stop, and the reasons. */
  readonly stopped: readonly { readonly executionArn: string; readonly cause: string }[];
}

export const executionArn = 'arn:aws:states:us-east-1:123456789012:execution:wf--1:job_0a1b2c3d';

/** The command line of a job, as in its job definition. */
export function jobArguments(settings: JobSettings): readonly string[] {
  const step: JobStep = {
    image: 'public.ecr.aws/ubuntu/ubuntu:24.04',
    shell: 'sh',
    commands: ['true'],
    ...(settings.inputs === undefined ? { inputs: {} } : {}),
    references: {},
    outputs: {},
    s3_tags: {},
    skip: 'never',
    qc: [],
    ...settings.step,
  };
  const parameters = {
    step: JSON.stringify(step),
    repo: settings.repo ?? 's3://data/repo',
    job_data: settings.jobData ?? '-',
    index: settings.index ?? 'main',
    execution: executionArn,
    inputs: JSON.stringify(settings.inputs ?? {}),
    scatter: JSON.stringify(settings.scatter ?? {}),
    parent: JSON.stringify(settings.parent ?? {}),
  };
  return Object.entries(parameters).flatMap(([name, value]) => [`--${name}`, value]);
}

/** An engine with a bucket `data`, whose `repo/` has job data, and a scratch folder. */
export class JobWorld {
  readonly engine: Engine;
  readonly s3: S3Client;
  readonly directory: string;
  readonly scratchPath: string;

  private constructor(engine: Engine, directory: string) {
    this.engine = engine;
    this.directory = directory;
    this.scratchPath = join(directory, 'scratch');
    this.s3 = this.#client(engine.url);
  }

  #client(endpoint: string): S3Client {
    return new S3Client(this.#settings(endpoint));
  }

  #settings(endpoint: string) {
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    // Enough attempts for transient faults, few enough for permanent ones.
    return { ...awsClientSettings, maxAttempts: 3, endpoint, region: this.engine.region, credentials };
  }

  static async start(): Promise<JobWorld> {
    const directory = await mkdtemp(join(tmpdir(), 'bclaw-runner-'));
    const world = new JobWorld(
      await startEngine({ directory: join(directory, 'engine'), openRoles: ['states'] }),
      directory,
    );
    await world.s3.send(new CreateBucketCommand({ Bucket: 'data' }));
    await world.put('repo/_JOB_DATA_', JSON.stringify({ job: { sample: 'S1', n: 3 }, scatter: {}, parent: {} }));
    return world;
  }

  async close(): Promise<void> {
    this.s3.destroy();
    await this.engine.close();
    await rm(this.directory, { recursive: true, force: true });
  }

  async put(key: string, body: string | Uint8Array): Promise<void> {
    await this.s3.send(new PutObjectCommand({ Bucket: 'data', Key: key, Body: body }));
  }

  /** Creates a secret in the engine's Secrets Manager. */
  async secret(name: string, value: string): Promise<void> {
    const client = new SecretsManagerClient(this.#settings(this.engine.url));
    await client.send(new CreateSecretCommand({ Name: name, SecretString: value }));
    client.destroy();
  }

  stepFunctions(): SFNClient {
    return new SFNClient(this.#settings(this.engine.url));
  }

  async text(key: string): Promise<string> {
    const { Body } = await this.s3.send(new GetObjectCommand({ Bucket: 'data', Key: key }));
    return (await Body?.transformToString()) ?? '';
  }

  /** Runs a job within this process, optionally on an endpoint other than the engine's. */
  async run(
    settings: JobSettings,
    stop: AbortSignal = new AbortController().signal,
    endpoint: string = this.engine.url,
  ): Promise<JobOutcome> {
    const s3 = this.#client(endpoint);
    const lines: string[] = [];
    const stopped: { executionArn: string; cause: string }[] = [];
    const environment = { ...process.env, BC_STEP_NAME: 'count', BC_WORKFLOW_NAME: 'wf', BC_WORKFLOW_VERSION: '1' };
    const exitCode = await runJob(parseArguments(jobArguments(settings)), {
      settings: {
        executor: 'process',
        scratchPath: this.scratchPath,
        stepName: 'count',
        limits: {},
        stopGraceMs: 200,
        jobId: 'job-1',
        attempt: 1,
        waitSeconds: 0,
        ...settings.attempt,
      },
      store: createS3ObjectStore(s3),
      executor: createProcessExecutor({ stopGraceMs: 200 }),
      log: createLog(
        (line) => lines.push(line.replace(/\n$/, '')),
        () => new Date(0),
      ),
      stopExecution: async (executionArn, _error, cause) => {
        stopped.push({ executionArn, cause });
      },
      stop,
      environment,
    });
    s3.destroy();
    return { exitCode, stopped, ...sorted(lines) };
  }

  /** Workspaces that were not removed. */
  async leftovers(): Promise<readonly string[]> {
    return readdir(join(this.scratchPath, 'jobs')).catch(() => []);
  }
}

/** Separates the lines of a job's log. */
export function sorted(lines: readonly string[]): Pick<JobOutcome, 'own' | 'user'> {
  const user: string[] = [];
  const own: Record<string, unknown>[] = [];
  for (const line of lines) {
    if (line.startsWith('user| ')) user.push(line.slice('user| '.length));
    else own.push(JSON.parse(line));
  }
  return { user, own };
}
