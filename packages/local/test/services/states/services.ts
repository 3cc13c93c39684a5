import { randomUUID } from 'node:crypto';
import type { EngineContext } from '../../../src/kernel/service.js';
import { AwsError } from '../../../src/wire/aws-error.js';
import type { Handlers } from '../../operations.js';

/** A job of the tiny Batch. */
interface TinyJob {
  readonly jobId: string;
  readonly jobName: string;
  status: string;
  statusReason?: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly container: { exitCode?: number; readonly environment: readonly unknown[] };
}

/** A small Batch with a memory of its own that outlives engines: jobs end when the test says so. */
export class TinyBatch {
  readonly jobs: TinyJob[] = [];
  readonly terminated: string[] = [];
  /** Ends every job in the moment of its submission. */
  immediate: 'SUCCEEDED' | 'FAILED' | undefined;
  /** Thrown by the next submissions. */
  failures: AwsError[] = [];
  #context: EngineContext | undefined;

  operations(context: EngineContext): Handlers {
    this.#context = context;
    return {
      SubmitJob: (input) => {
        const failure = this.failures.shift();
        if (failure !== undefined) throw failure;
        const job: TinyJob = {
          jobId: randomUUID(),
          jobName: input.jobName,
          status: 'SUBMITTED',
          parameters: input.parameters ?? {},
          container: { environment: input.containerOverrides?.environment ?? [] },
        };
        this.jobs.push(job);
        this.#publish(job);
        if (this.immediate !== undefined) this.end(job.jobName, this.immediate);
        return {
          jobId: job.jobId,
          jobName: job.jobName,
          jobArn: `arn:aws:batch:us-east-1:123456789012:job/${job.jobId}`,
        };
      },
      DescribeJobs: ({ jobs }) => ({ jobs: this.jobs.filter(({ jobId }) => jobs.includes(jobId)) }),
      TerminateJob: ({ jobId }) => {
        this.terminated.push(jobId);
        return {};
      },
    };
  }

  end(jobName: string, status: 'SUCCEEDED' | 'FAILED', exitCode = status === 'FAILED' ? 1 : 0): void {
    const job = this.jobs.findLast((each) => each.jobName === jobName);
    if (job === undefined) throw new Error(`no job ${jobName}`);
    job.status = status;
    if (status === 'FAILED') job.statusReason = 'Essential container in task exited';
    job.container.exitCode = exitCode;
    this.#publish(job);
  }

  #publish(job: TinyJob): void {
    this.#context?.events.publish({
      source: 'aws.batch',
      'detail-type': 'Batch Job State Change',
      detail: structuredClone({ ...job }),
    });
  }
}

type Handler = (payload: unknown) => unknown;

/** A small Lambda: functions are functions. A handler that throws an AwsError fails the call, any other error the function. */
export function tinyLambda(handlers: Readonly<Record<string, Handler>>): Handlers {
  return {
    async Invoke({ FunctionName, Payload }) {
      const name = String(FunctionName).split(':')[6] ?? String(FunctionName);
      const handler = handlers[name];
      if (handler === undefined) {
        throw new AwsError('ResourceNotFoundException', `Function not found: ${FunctionName}`, { status: 404 });
      }
      const text = Payload === undefined ? '{}' : Buffer.from(Payload).toString();
      try {
        const answer = await handler(JSON.parse(text));
        return { StatusCode: 200, ExecutedVersion: '1', Payload: Buffer.from(JSON.stringify(answer ?? null)) };
      } catch (error) {
        if (error instanceof AwsError) throw error;
        const body = { errorType: error instanceof Error ? error.name : 'Error', errorMessage: String(error) };
        return { StatusCode: 200, FunctionError: 'Unhandled', Payload: Buffer.from(JSON.stringify(body)) };
      }
    },
  };
}

/** A small S3: objects by `bucket/key`; what it is given as a stream it keeps as text. */
export class TinyS3 {
  readonly objects = new Map<string, string | Uint8Array>();

  text(key: string): string {
    return String(this.objects.get(key) ?? '');
  }

  operations(): Handlers {
    return {
      GetObject: ({ Bucket, Key }) => {
        const text = this.objects.get(`${Bucket}/${Key}`);
        if (text === undefined) throw new AwsError('NoSuchKey', 'The specified key does not exist.', { status: 404 });
        return { Body: typeof text === 'string' ? Buffer.from(text) : text, ETag: '"e"' };
      },
      PutObject: async ({ Bucket, Key, Body }) => {
        const chunks: Uint8Array[] = [];
        for await (const chunk of Body instanceof Uint8Array ? [Body] : Body) chunks.push(chunk);
        this.objects.set(`${Bucket}/${Key}`, Buffer.concat(chunks).toString());
        return { ETag: '"e"' };
      },
      ListObjectsV2: ({ Bucket, Prefix = '', ContinuationToken }) => {
        const keys = [...this.objects.keys()].filter((key) => key.startsWith(`${Bucket}/${Prefix}`)).sort();
        const start = Number(ContinuationToken ?? 0);
        const Contents = keys.slice(start, start + 2).map((key) => ({
          Key: key.slice(Bucket.length + 1),
          Size: this.objects.get(key)?.length,
          ETag: '"e"',
          LastModified: new Date(5_000),
          StorageClass: 'STANDARD',
        }));
        return { Contents, ...(start + 2 < keys.length ? { NextContinuationToken: String(start + 2) } : {}) };
      },
    };
  }
}
