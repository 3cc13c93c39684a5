import type { Table } from '../../kernel/journal.js';
import type { EngineContext } from '../../kernel/service.js';
import type { NotificationRecord } from './model.js';

const mostMessages = 10_000;
const mostBytes = 64 << 20;

/** The entries of the page `/_bclaw/messages`. */
export interface NotificationPage {
  readonly messages: readonly (NotificationRecord & { readonly sequence: number })[];
}

/**
 * Published notifications, stored so that users can read the text of an e-mail: the newest 10,000, or 64 MiB. AWS has
 * no operation for that, so the engine has its own page.
 */
export class Notifications {
  readonly #table: Table<NotificationRecord>;
  #bytes = 0;
  #lastSequence = 0;

  constructor(context: EngineContext) {
    this.#table = context.journal.table('sns/notifications');
    for (const [key, record] of this.#table.entries()) {
      this.#bytes += sizeOf(record);
      this.#lastSequence = Math.max(this.#lastSequence, Number(key));
    }
  }

  add(notification: NotificationRecord): void {
    this.#lastSequence += 1;
    this.#table.set(String(this.#lastSequence), notification);
    this.#bytes += sizeOf(notification);
    for (const [key, record] of this.#table.entries()) {
      if (this.#table.size <= mostMessages && this.#bytes <= mostBytes) break;
      this.#table.delete(key);
      this.#bytes -= sizeOf(record);
    }
  }

  /**
   * Messages in the order of publication. Query parameters: `topic`, a topic's name or ARN; `after`, the sequence
   * number of the last message seen; `limit`, the maximum number of messages (default 100).
   */
  page(query: URLSearchParams): NotificationPage {
    const topic = query.get('topic');
    const after = Number(query.get('after') ?? 0) || 0;
    const limit = Number(query.get('limit') ?? 100) || 100;
    const messages: (NotificationRecord & { readonly sequence: number })[] = [];
    for (const [key, record] of this.#table.entries()) {
      if (messages.length >= limit) break;
      const sequence = Number(key);
      const wanted = topic === null || record.topicArn === topic || record.topicArn.endsWith(`:${topic}`);
      if (wanted && sequence > after) messages.push({ sequence, ...record });
    }
    return { messages };
  }
}

function sizeOf(notification: NotificationRecord): number {
  return notification.message.length + 500;
}
