import type { EngineContext } from '../../kernel/service.js';
import { AwsError } from '../../wire/aws-error.js';

/** Time that lines are collected before they are sent. */
const flushDelayMs = 200;

/** One log stream of a function, in CloudWatch Logs. A logging failure never fails an invocation. */
export class FunctionLog {
  readonly group: string;
  readonly stream: string;
  readonly #context: EngineContext;
  #pending: { timestamp: number; message: string }[] = [];
  #timer: NodeJS.Timeout | undefined;
  #exists = false;
  /** Batches are sent one after the other, in order. */
  #delivery: Promise<void> = Promise.resolve();

  constructor(context: EngineContext, group: string, stream: string) {
    this.#context = context;
    this.group = group;
    this.stream = stream;
  }

  write(line: string): void {
    this.#pending.push({ timestamp: Date.now(), message: line });
    this.#timer ??= setTimeout(() => void this.flush(), flushDelayMs).unref();
  }

  /** Resolves when everything written so far is delivered or dropped. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const events = this.#pending;
    if (events.length === 0) return this.#delivery;
    this.#pending = [];
    this.#delivery = this.#delivery.then(() => this.#deliver(events));
    return this.#delivery;
  }

  async #deliver(logEvents: readonly { timestamp: number; message: string }[]): Promise<void> {
    const target = { logGroupName: this.group, logStreamName: this.stream };
    try {
      if (!this.#exists) await this.#create(target);
      this.#exists = true;
      await this.#context.call('logs', 'PutLogEvents', { ...target, logEvents });
    } catch (error) {
      this.#exists = false;
      this.#context.log.error("A function's log lines were lost", { ...target, error: String(error) });
    }
  }

  async #create(target: { logGroupName: string; logStreamName: string }): Promise<void> {
    try {
      await this.#ensure('CreateLogStream', target);
    } catch (error) {
      // A function whose group exists needs no permission to create one.
      if (!(error instanceof AwsError) || error.code !== 'ResourceNotFoundException') throw error;
      await this.#ensure('CreateLogGroup', { logGroupName: target.logGroupName });
      await this.#ensure('CreateLogStream', target);
    }
  }

  async #ensure(operation: string, input: unknown): Promise<void> {
    try {
      await this.#context.call('logs', operation, input);
    } catch (error) {
      if (!(error instanceof AwsError) || error.code !== 'ResourceAlreadyExistsException') throw error;
    }
  }
}
