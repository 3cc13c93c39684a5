import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateAliasCommand,
  CreateFunctionCommand,
  LambdaClient,
  PublishVersionCommand,
  UpdateAliasCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import {
  CreateBucketCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  ListObjectsV2Command,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import { type Engine, startEngine } from '@bclaw/local';
import type { StatePayload } from '@bclaw/spec/run-time';
import { zipSync } from 'fflate';
import { JobError, type LogEntry } from '../src/index.js';

/** The embedded engine with the buckets that a job needs: `launcher`, versioned, and `results`. */
export class World {
  readonly s3: S3Client;
  readonly lambda: LambdaClient;
  readonly sns: SNSClient;
  /** Log entries of the functions. */
  entries: LogEntry[] = [];
  readonly #engine: Engine;

  private constructor(engine: Engine) {
    this.#engine = engine;
    const connection = {
      endpoint: engine.url,
      region: engine.region,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    };
    this.s3 = new S3Client({ ...connection, forcePathStyle: true });
    this.lambda = new LambdaClient(connection);
    this.sns = new SNSClient(connection);
  }

  /** The engine's URL. */
  get url(): string {
    return this.#engine.url;
  }

  /** Log and clock for a function; each call takes five milliseconds. */
  get dependencies() {
    let now = 0;
    return {
      log: (entry: LogEntry) => {
        this.entries.push(entry);
      },
      clock: () => {
        now += 5;
        return now;
      },
    };
  }

  /** The payload of a job whose repository is a folder of the bucket `results`, with its `_JOB_DATA_`. */
  async payload(
    prefix: string,
    job: Readonly<Record<string, unknown>> = {},
    own: Partial<StatePayload> = {},
  ): Promise<StatePayload> {
    const repo = { bucket: 'results', prefix, uri: `s3://results/${prefix}` };
    await this.put(`${prefix}/_JOB_DATA_`, JSON.stringify({ job, scatter: {}, parent: {} }));
    return {
      index: 'main',
      execution: { arn: 'arn:aws:states:us-east-1:123456789012:execution:wf--3:job_0a1b2c3d', name: 'job_0a1b2c3d' },
      job_file: { bucket: 'launcher', key: 'wf/job.json', version: 'v1' },
      job_data: `${repo.uri}/_JOB_DATA_`,
      repo,
      prev_outputs: {},
      scatter: {},
      parent: {},
      share_id: 'wf',
      ...own,
    };
  }

  /** Writes an object of the bucket `results`. */
  async put(key: string, body: string | Uint8Array = ''): Promise<void> {
    // The SDK treats an empty string as a stream of unknown length.
    const bytes = typeof body === 'string' ? Buffer.from(body) : body;
    await this.s3.send(new PutObjectCommand({ Bucket: 'results', Key: key, Body: bytes }));
  }

  /** Reads an object of the bucket `results` as JSON. */
  async readJson(key: string): Promise<unknown> {
    return JSON.parse(await this.readText('results', key));
  }

  static async create(): Promise<World> {
    const engine = await startEngine({
      directory: await mkdtemp(join(tmpdir(), 'bclaw-functions-')),
      openRoles: ['launcher'],
    });
    const world = new World(engine);
    for (const bucket of ['launcher', 'results']) await world.s3.send(new CreateBucketCommand({ Bucket: bucket }));
    await world.s3.send(
      new PutBucketVersioningCommand({ Bucket: 'launcher', VersioningConfiguration: { Status: 'Enabled' } }),
    );
    return world;
  }

  /** Writes an object of the launcher bucket; returns its version. */
  async putJob(key: string, body: string | Uint8Array): Promise<string> {
    const { VersionId: version = '' } = await this.s3.send(
      new PutObjectCommand({ Bucket: 'launcher', Key: key, Body: body }),
    );
    return version;
  }

  async read(bucket: string, key: string): Promise<Uint8Array> {
    const { Body: body } = await this.s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return (await body?.transformToByteArray()) ?? new Uint8Array();
  }

  async readText(bucket: string, key: string): Promise<string> {
    return new TextDecoder().decode(await this.read(bucket, key));
  }

  async tags(bucket: string, key: string): Promise<Record<string, string>> {
    const { TagSet: tags = [] } = await this.s3.send(new GetObjectTaggingCommand({ Bucket: bucket, Key: key }));
    return Object.fromEntries(tags.map(({ Key: name = '', Value: value = '' }) => [name, value]));
  }

  async keys(bucket: string, prefix = ''): Promise<string[]> {
    const { Contents: contents = [] } = await this.s3.send(
      new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix }),
    );
    return contents.map(({ Key: key = '' }) => key);
  }

  /** A workflow's launcher with this many published versions, and its alias `live` on one of them. */
  async createLauncher(workflow: string, versions: number, live: string): Promise<void> {
    const FunctionName = `${workflow}-launcher`;
    await this.lambda.send(
      new CreateFunctionCommand({
        FunctionName,
        Role: 'arn:aws:iam::123456789012:role/launcher',
        Runtime: 'nodejs22.x',
        Handler: 'index.handler',
        Code: { ZipFile: zipSync({ 'index.mjs': new TextEncoder().encode('export const handler = () => {};') }) },
      }),
    );
    for (let number = 1; number <= versions; number += 1) {
      const Environment = { Variables: { DEPLOYMENT_ID: String(number) } };
      await this.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Environment }));
      await this.lambda.send(new PublishVersionCommand({ FunctionName }));
    }
    await this.lambda.send(new CreateAliasCommand({ FunctionName, Name: 'live', FunctionVersion: live }));
  }

  /** Moves the alias `live`, with a share of its calls to a second version. */
  async route(workflow: string, FunctionVersion: string, AdditionalVersionWeights: Record<string, number> = {}) {
    const FunctionName = `${workflow}-launcher`;
    const RoutingConfig = { AdditionalVersionWeights };
    await this.lambda.send(new UpdateAliasCommand({ FunctionName, Name: 'live', FunctionVersion, RoutingConfig }));
  }

  async close(): Promise<void> {
    for (const client of [this.s3, this.lambda, this.sns]) client.destroy();
    await this.#engine.close();
    await rm(this.#engine.directory, { recursive: true, force: true });
  }
}

/** The error of a failed call; any error except a JobError fails the test. */
export async function refusal(attempt: Promise<unknown>): Promise<JobError> {
  const error = await attempt.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof JobError)) throw new Error(`no JobError, but ${String(error)}`);
  return error;
}
