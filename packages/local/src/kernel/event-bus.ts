import { randomUUID } from 'node:crypto';
import type { AwsEvent, EventBus, Log } from './service.js';

/** Fields that an event bus adds to every event. */
export interface EventBusOptions {
  readonly accountId: string;
  readonly region: string;
  readonly log: Log;
}

/**
 * The default event bus of an engine. An error in a listener is logged and does not stop the publisher or the other
 * listeners.
 *
 * @example
 * ```ts
 * const events = createEventBus({ accountId: '123456789012', region: 'us-east-1', log });
 * const unsubscribe = events.subscribe((event) => seen.push(event));
 * events.publish({ source: 'aws.batch', 'detail-type': 'Batch Job State Change', detail: { status: 'SUCCEEDED' } });
 * ```
 */
export function createEventBus(options: EventBusOptions): EventBus {
  const { accountId, region, log } = options;
  const listeners = new Set<(event: AwsEvent) => void>();
  return {
    publish(event) {
      const full: AwsEvent = {
        version: '0',
        id: randomUUID(),
        'detail-type': event['detail-type'],
        source: event.source,
        account: accountId,
        time: (event.time ?? new Date()).toISOString().replace(/\.\d+Z$/, 'Z'),
        region,
        resources: event.resources ?? [],
        detail: event.detail,
      };
      for (const listener of [...listeners]) {
        try {
          listener(full);
        } catch (error) {
          log.error('A listener of the event bus failed', { source: full.source, error: String(error) });
        }
      }
      return full;
    },
    subscribe(listener) {
      // A separate wrapper for each subscription, as the same function may subscribe twice.
      const entry = (event: AwsEvent) => listener(event);
      listeners.add(entry);
      return () => {
        listeners.delete(entry);
      };
    },
  };
}
