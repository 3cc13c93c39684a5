import { randomUUID } from 'node:crypto';
import { AwsError } from '../../wire/aws-error.js';
import type { MessageAttribute } from '../../wire/message-attribute.js';
import { callingAs } from '../access/calling-as.js';
import type { Table } from '../journal.js';
import type { EngineContext } from '../service.js';
import type { Delivery } from './delivery.js';
import { sendToQueue } from './send-to-queue.js';

const mostAtOnce = 64;
const firstDelayMs = 250;
const longestDelayMs = 60_000;
/** Delay between attempts while the journal cannot be written. */
const unwrittenDelayMs = 1_000;

/**
 * Deliveries that survive a crash of the engine: each stays in the journal from before `add` returns until its target
 * accepts it or it is dropped. Delivery is at least once; after a crash a target may receive one again.
 */
export class Outbox {
  readonly #context: EngineContext;
  readonly #table: Table<Delivery>;
  readonly #due: string[] = [];
  readonly #running = new Set<Promise<void>>();
  readonly #timers = new Set<NodeJS.Timeout>();
  #started = false;

  /** @param name - name of the table in the journal; one for each service that delivers */
  constructor(context: EngineContext, name: string) {
    this.#context = context;
    this.#table = context.journal.table(name);
  }

  add(delivery: Omit<Delivery, 'id' | 'enqueuedAt' | 'attempts' | 'notBefore'>): void {
    const now = Date.now();
    const record: Delivery = { ...delivery, id: randomUUID(), enqueuedAt: now, attempts: 0, notBefore: now };
    this.#table.set(record.id, record);
    if (this.#started) this.#schedule(record);
  }

  /** Resumes the deliveries that were pending. */
  start(): void {
    this.#started = true;
    for (const delivery of this.#table.values()) this.#schedule(delivery);
  }

  /** Starts no more deliveries, and waits for the running ones. */
  async stop(): Promise<void> {
    this.#started = false;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    this.#due.length = 0;
    await Promise.allSettled(this.#running);
  }

  #schedule({ id, notBefore }: Delivery): void {
    const timer = setTimeout(
      () => {
        this.#timers.delete(timer);
        this.#due.push(id);
        this.#work();
      },
      Math.max(0, notBefore - Date.now()),
    );
    this.#timers.add(timer);
  }

  #work(): void {
    while (this.#started && this.#running.size < mostAtOnce) {
      const id = this.#due.shift();
      if (id === undefined) return;
      const delivery = this.#table.get(id);
      if (delivery === undefined) continue;
      const running = this.#attempt(delivery).finally(() => {
        this.#running.delete(running);
        this.#work();
      });
      this.#running.add(running);
    }
  }

  async #attempt(delivery: Delivery): Promise<void> {
    try {
      // The record must be in the file before its effects, so that no target keeps an effect whose cause is lost.
      await this.#context.journal.flush();
    } catch (error) {
      this.#postpone(delivery, error);
      return;
    }
    try {
      await deliver(this.#context, delivery);
      this.#table.delete(delivery.id);
    } catch (error) {
      await this.#failed({ ...delivery, attempts: delivery.attempts + 1 }, error);
    }
  }

  /** The journal cannot be written (a full disk): retry later, without counting an attempt, as no target was called. */
  #postpone(delivery: Delivery, error: unknown): void {
    this.#context.log.error('A delivery waits for the journal', { id: delivery.id, error: String(error) });
    if (this.#started) this.#schedule({ ...delivery, notBefore: Date.now() + unwrittenDelayMs });
  }

  async #failed(delivery: Delivery, error: unknown): Promise<void> {
    const now = Date.now();
    const delay = Math.min(firstDelayMs * 2 ** Math.min(delivery.attempts - 1, 20), longestDelayMs);
    const next: Delivery = { ...delivery, notBefore: now + delay };
    const tooOld = next.notBefore - delivery.enqueuedAt > delivery.retry.ageSeconds * 1000;
    if (isTransient(error) && delivery.attempts <= delivery.retry.attempts && !tooOld) {
      this.#table.set(next.id, next);
      if (this.#started) this.#schedule(next);
      return;
    }
    await this.#giveUp(delivery, error);
    this.#table.delete(delivery.id);
  }

  async #giveUp(delivery: Delivery, error: unknown): Promise<void> {
    const { originArn, target, deadLetterArn, attempts, body, caller } = delivery;
    const [code, message] = [error instanceof AwsError ? error.code : 'InternalFailure', String(error)];
    this.#context.log.error('A delivery was given up', { originArn, target: target.arn, code, message });
    if (deadLetterArn === undefined) return;
    const text = (value: string): MessageAttribute => ({ DataType: 'String', StringValue: value });
    const attributes = {
      RULE_ARN: text(originArn),
      TARGET_ARN: text(target.arn),
      ERROR_CODE: text(code),
      ERROR_MESSAGE: text(message),
      RETRY_ATTEMPTS: { DataType: 'Number', StringValue: String(attempts - 1) },
    };
    try {
      await sendToQueue(callingAs(this.#context, caller), deadLetterArn, body, attributes);
    } catch (failure) {
      this.#context.log.error('A dead letter was dropped', { queue: deadLetterArn, message: String(failure) });
    }
  }
}

async function deliver(engine: EngineContext, { id, target, body, caller }: Delivery): Promise<void> {
  const context = callingAs(engine, caller);
  switch (target.kind) {
    case 'function':
      await context.call('lambda', 'Invoke', {
        FunctionName: target.arn,
        InvocationType: 'Event',
        Payload: Buffer.from(body),
      });
      return;
    case 'queue':
      await sendToQueue(context, target.arn, body, target.attributes ?? {});
      return;
    case 'topic':
      await context.call('sns', 'Publish', { TopicArn: target.arn, Message: body });
      return;
    case 'state-machine':
      // Named after the delivery, so that a repeated delivery finds the execution of the first one.
      await context.call('states', 'StartExecution', { stateMachineArn: target.arn, name: id, input: body });
      return;
  }
}

/** Returns true if a retry may help: false when the target does not exist or rejects the input. */
function isTransient(error: unknown): boolean {
  if (!(error instanceof AwsError)) return true;
  return error.status >= 500 || error.status === 429 || /Throttl|TooManyRequests|LimitExceeded/.test(error.code);
}
