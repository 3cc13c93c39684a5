import { StringDecoder } from 'node:string_decoder';
import type { EngineContext } from '../../kernel/service.js';
import { AwsError } from '../../wire/aws-error.js';

/** Default log group of AWS Batch's awslogs driver. */
const defaultLogGroup = '/aws/batch/job';

/** CloudWatch Logs, "PutLogEvents": at most 10,000 events and 1 MiB per batch. */
const maxBatchLines = 1_000;
const maxBatchBytes = 256 * 1024;
/**
 * A longer line is split into several events (limit: 1 MiB each). Bounds the memory for a job that writes no newline.
 */
const maxLineLength = 64 * 1024;
/** Time that lines are collected before they are sent: short for a reader who follows, but with few calls. */
const gatherMs = 200;

/** Options of the awslogs driver. */
export type LogOptions = Readonly<Record<string, string>>;

interface LogEvent {
  readonly timestamp: number;
  readonly message: string;
}

/** The log stream of one attempt: receives output in chunks and writes it line by line. */
export class JobLog {
  readonly #context: EngineContext;
  readonly #stream: string;
  readonly #group: string;
  /** Created when it is missing: the default one, as in an account that has used Batch before, and with the option. */
  readonly #createsGroup: boolean;
  readonly #decoder = new StringDecoder('utf8');
  #partial = '';
  #pending: LogEvent[] = [];
  #pendingBytes = 0;
  #timer: NodeJS.Timeout | undefined;
  /** Calls run one after the other, so that lines stay in order. */
  #written: Promise<void>;

  private constructor(context: EngineContext, stream: string, options: LogOptions) {
    this.#context = context;
    this.#stream = stream;
    this.#group = options['awslogs-group'] ?? defaultLogGroup;
    this.#createsGroup = options['awslogs-group'] === undefined || options['awslogs-create-group'] === 'true';
    this.#written = Promise.resolve();
  }

  /**
   * Opens a stream in the job's log group.
   *
   * @param options - of the job definition's log configuration
   * @throws Error in the words of the container engine when the log group does not exist: a container without its log
   *   cannot start
   */
  static async open(context: EngineContext, stream: string, options: LogOptions = {}): Promise<JobLog> {
    const log = new JobLog(context, stream, options);
    await log.#create();
    return log;
  }

  write(chunk: Uint8Array): void {
    const text = this.#partial + this.#decoder.write(chunk);
    const lines = text.split('\n');
    this.#partial = lines.pop() ?? '';
    for (const line of lines) this.#add(line);
    while (this.#partial.length > maxLineLength) {
      this.#add(this.#partial.slice(0, maxLineLength));
      this.#partial = this.#partial.slice(maxLineLength);
    }
    if (this.#pending.length > 0) this.#timer ??= setTimeout(() => this.#flush(), gatherMs);
  }

  /** Writes the remaining output, including an unfinished line; resolves once all of it is in the log. */
  async close(): Promise<void> {
    const rest = this.#partial + this.#decoder.end();
    this.#partial = '';
    if (rest !== '') this.#add(rest);
    this.#flush();
    await this.#written;
  }

  #add(line: string): void {
    const message = line.endsWith('\r') ? line.slice(0, -1) : line;
    if (message === '') return; // CloudWatch Logs rejects empty events
    this.#pending.push({ timestamp: Date.now(), message });
    this.#pendingBytes += message.length;
    if (this.#pending.length >= maxBatchLines || this.#pendingBytes >= maxBatchBytes) this.#flush();
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const events = this.#pending;
    if (events.length === 0) return;
    this.#pending = [];
    this.#pendingBytes = 0;
    this.#enqueue(() =>
      this.#context.call('logs', 'PutLogEvents', {
        logGroupName: this.#group,
        logStreamName: this.#stream,
        logEvents: events,
      }),
    );
  }

  async #create(): Promise<void> {
    const stream = { logGroupName: this.#group, logStreamName: this.#stream };
    try {
      await this.#context.call('logs', 'CreateLogStream', stream);
    } catch (error) {
      const isDenied = error instanceof AwsError && error.code === 'AccessDeniedException';
      if (isDenied)
        throw new Error(
          `Error response from daemon: failed to initialize logging driver: failed to create Cloudwatch log stream: ${error.code}: ${error.message}`,
        );
      if (!(error instanceof AwsError && error.code === 'ResourceNotFoundException')) return this.#report(error);
      if (!this.#createsGroup)
        throw new Error(
          `Error response from daemon: failed to initialize logging driver: failed to create Cloudwatch log stream: ${error.code}: The specified log group does not exist: ${this.#group}`,
        );
      await this.#createGroup();
      await this.#context.call('logs', 'CreateLogStream', stream).catch((again: unknown) => this.#report(again));
    }
  }

  async #createGroup(): Promise<void> {
    try {
      await this.#context.call('logs', 'CreateLogGroup', { logGroupName: this.#group });
    } catch (error) {
      if (!(error instanceof AwsError && error.code === 'ResourceAlreadyExistsException')) this.#report(error);
    }
  }

  #enqueue(call: () => Promise<unknown>): void {
    this.#written = this.#written.then(call).then(
      () => undefined,
      (error: unknown) => this.#report(error),
    );
  }

  /** A failure to write the log must not fail the job. */
  #report(error: unknown): void {
    this.#context.log.error('A job log could not be written.', { stream: this.#stream, error: String(error) });
  }
}
