import { randomUUID } from 'node:crypto';
import type { Table } from '../../kernel/journal.js';
import { type MessageRecord, messageKey, type RedrivePolicy } from './model.js';

/** Options for receiving messages. */
export interface Receipt {
  readonly limit: number;
  readonly visibilityTimeoutMs: number;
  readonly now: number;
}

/** The messages of one queue, and its waiting receivers. */
export class QueueMessages {
  readonly #table: Table<MessageRecord>;
  /** Visible messages, oldest first. */
  readonly #visible = new Map<string, MessageRecord>();
  /** Received or delayed messages, kept apart so that a busy consumer need not scan them for every message. */
  readonly #hidden = new Map<string, MessageRecord>();
  /** A lower bound of the time when the first hidden message becomes visible. */
  #nextVisibleAt = Number.POSITIVE_INFINITY;
  readonly #waiting = new Set<() => void>();

  constructor(table: Table<MessageRecord>) {
    this.#table = table;
  }

  /** Adds a message from the journal. */
  restore(message: MessageRecord): void {
    this.#hide(message);
  }

  add(message: MessageRecord): void {
    this.#table.set(messageKey(message), message);
    if (message.visibleAt <= Date.now()) this.#visible.set(message.id, message);
    else this.#hide(message);
    this.wakeAll();
  }

  /** Numbers of visible, delayed, and in-flight messages. */
  count(now: number): { readonly visible: number; readonly delayed: number; readonly inFlight: number } {
    this.#show(now);
    let delayed = 0;
    for (const message of this.#hidden.values()) if (message.receiveCount === 0) delayed += 1;
    return { visible: this.#visible.size, delayed, inFlight: this.#hidden.size - delayed };
  }

  /**
   * Receives visible messages. A message that was received too often goes to the dead-letter queue instead.
   *
   * @param toDeadLetters - returns false when it could not move the message, which is then received again
   */
  receive(
    { limit, visibilityTimeoutMs, now }: Receipt,
    redrive: RedrivePolicy | undefined,
    toDeadLetters: (message: MessageRecord) => boolean,
  ): readonly MessageRecord[] {
    this.#show(now);
    const received: MessageRecord[] = [];
    for (const message of this.#visible.values()) {
      if (received.length === limit) break;
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
      this.#table.set(messageKey(taken), taken);
      received.push(taken);
    }
    // Hidden after the loop: with a timeout of zero, a message would otherwise be received twice in the same call.
    for (const message of received) this.#hide(message);
    return received;
  }

  /** The message of a receipt handle, unless it was deleted or received again. */
  ofReceipt(handle: string): MessageRecord | undefined {
    const { id, receipt } = parseReceiptHandle(handle);
    const message = this.#hidden.get(id) ?? this.#visible.get(id);
    return message?.receipt === receipt ? message : undefined;
  }

  changeVisibility(message: MessageRecord, visibleAt: number): void {
    const changed = { ...message, visibleAt };
    this.#table.set(messageKey(changed), changed);
    this.#hide(changed);
    this.wakeAll();
  }

  remove(id: string): void {
    const message = this.#visible.get(id) ?? this.#hidden.get(id);
    if (message === undefined) return;
    this.#visible.delete(id);
    this.#hidden.delete(id);
    this.#table.delete(messageKey(message));
  }

  /** Removes expired messages from the front of the queue. */
  removeSentBefore(time: number, now: number): void {
    this.#show(now);
    for (const message of this.#visible.values()) {
      if (message.sentAt >= time) return;
      this.remove(message.id);
    }
  }

  clear(): void {
    for (const id of [...this.#visible.keys(), ...this.#hidden.keys()]) this.remove(id);
  }

  /** Resolves when a message may have arrived or become visible, at the deadline, or when the caller disconnects. */
  async changed(deadline: number, signal: AbortSignal | undefined): Promise<void> {
    const wakeAt = Math.min(deadline, this.#nextVisibleAt);
    await new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#waiting.delete(done);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, Math.max(wakeAt - Date.now(), 1));
      this.#waiting.add(done);
      signal?.addEventListener('abort', done);
      if (signal?.aborted === true) done();
    });
  }

  /** Wakes all waiting receivers: the queue changed or was deleted, or the engine stops. */
  wakeAll(): void {
    for (const wake of [...this.#waiting]) wake();
  }

  #hide(message: MessageRecord): void {
    this.#visible.delete(message.id);
    this.#hidden.set(message.id, message);
    this.#nextVisibleAt = Math.min(this.#nextVisibleAt, message.visibleAt);
  }

  #show(now: number): void {
    if (now < this.#nextVisibleAt) return;
    this.#nextVisibleAt = Number.POSITIVE_INFINITY;
    for (const message of this.#hidden.values()) {
      if (message.visibleAt > now) {
        this.#nextVisibleAt = Math.min(this.#nextVisibleAt, message.visibleAt);
        continue;
      }
      this.#hidden.delete(message.id);
      this.#visible.set(message.id, message);
    }
  }
}

/** The handle that a client needs to delete a received message. */
export function receiptHandle(message: MessageRecord): string {
  return Buffer.from(`${message.id} ${message.receipt ?? ''}`).toString('base64');
}

function parseReceiptHandle(handle: string): { readonly id: string; readonly receipt: string } {
  const [id = '', receipt = ''] = Buffer.from(handle, 'base64').toString().split(' ');
  return { id, receipt };
}

/** Returns true if a receipt handle has this engine's format. */
export function isReceiptHandle(handle: string): boolean {
  return /^[0-9a-f-]{36} [0-9a-f-]{36}$/.test(Buffer.from(handle, 'base64').toString());
}
