import { randomUUID } from 'node:crypto';
import type { Table } from '../journal.js';
import { type MessageRecord, messageKey, type RedrivePolicy } from './model.js';

/** How messages are received. */
export interface Receipt {
  readonly limit: number;
  readonly visibilityTimeoutMs: number;
  readonly now: number;
}

/** The messages of one queue, in the order in which they came, with whoever waits for them. */
export class QueueMessages {
  readonly #table: Table<MessageRecord>;
  readonly #messages = new Map<string, MessageRecord>();
  readonly #waiting = new Set<() => void>();

  constructor(table: Table<MessageRecord>) {
    this.#table = table;
  }

  /** Takes a message over from the journal. */
  restore(message: MessageRecord): void {
    this.#messages.set(message.id, message);
  }

  add(message: MessageRecord): void {
    this.#set(message);
    for (const wake of [...this.#waiting]) wake();
  }

  values(): IterableIterator<MessageRecord> {
    return this.#messages.values();
  }

  /**
   * Hands out messages that are visible. One that was received too often goes to the dead letters instead.
   *
   * @param toDeadLetters - false when it could not take the message, which then is handed out once more
   */
  receive(
    { limit, visibilityTimeoutMs, now }: Receipt,
    redrive: RedrivePolicy | undefined,
    toDeadLetters: (message: MessageRecord) => boolean,
  ): readonly MessageRecord[] {
    const received: MessageRecord[] = [];
    for (const message of this.#messages.values()) {
      if (received.length === limit) break;
      if (message.visibleAt > now) continue;
      const isDead = redrive !== undefined && message.receiveCount >= redrive.maxReceiveCount;
      if (isDead && toDeadLetters(message)) {
        this.remove(message.id);
        continue;
      }
      const taken: MessageRecord = {
        ...message,
        visibleAt: now + visibilityTimeoutMs,
        receiveCount: message.receiveCount + 1,
        firstReceivedAt: message.firstReceivedAt ?? now,
        receipt: randomUUID(),
      };
      this.#set(taken);
      received.push(taken);
    }
    return received;
  }

  /** The message that a receipt handle stands for, unless it was deleted or received again. */
  ofReceipt(handle: string): MessageRecord | undefined {
    const { id, receipt } = parseReceiptHandle(handle);
    const message = this.#messages.get(id);
    return message?.receipt === receipt ? message : undefined;
  }

  changeVisibility(message: MessageRecord, visibleAt: number): void {
    this.#set({ ...message, visibleAt });
    for (const wake of [...this.#waiting]) wake();
  }

  remove(id: string): void {
    const message = this.#messages.get(id);
    if (message === undefined) return;
    this.#messages.delete(id);
    this.#table.delete(messageKey(message));
  }

  removeSentBefore(time: number): void {
    // Messages come in the order of their sending, but redriven ones keep the time of their first sending.
    for (const message of [...this.#messages.values()]) if (message.sentAt < time) this.remove(message.id);
  }

  clear(): void {
    for (const id of [...this.#messages.keys()]) this.remove(id);
  }

  /** Resolves when a message may have come or become visible, at the deadline, or when the caller is gone. */
  async changed(deadline: number, signal: AbortSignal | undefined): Promise<void> {
    const now = Date.now();
    let wakeAt = deadline;
    for (const message of this.#messages.values())
      if (message.visibleAt > now && message.visibleAt < wakeAt) wakeAt = message.visibleAt;
    await new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#waiting.delete(done);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, Math.max(wakeAt - now, 1));
      this.#waiting.add(done);
      signal?.addEventListener('abort', done);
      if (signal?.aborted === true) done();
    });
  }

  /** Lets everyone go who waits: the queue was deleted, or the engine stops. */
  wakeAll(): void {
    for (const wake of [...this.#waiting]) wake();
  }

  #set(message: MessageRecord): void {
    this.#messages.set(message.id, message);
    this.#table.set(messageKey(message), message);
  }
}

/** What a client must show to delete a message that it received. */
export function receiptHandle(message: MessageRecord): string {
  return Buffer.from(`${message.id} ${message.receipt ?? ''}`).toString('base64');
}

function parseReceiptHandle(handle: string): { readonly id: string; readonly receipt: string } {
  const [id = '', receipt = ''] = Buffer.from(handle, 'base64').toString().split(' ');
  return { id, receipt };
}

/** Whether a receipt handle is one that this engine could have given. */
export function isReceiptHandle(handle: string): boolean {
  return /^[0-9a-f-]{36} [0-9a-f-]{36}$/.test(Buffer.from(handle, 'base64').toString());
}
