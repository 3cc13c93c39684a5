import { createEventBus } from '../src/kernel/event-bus.js';
import { memoryJournal } from '../src/kernel/journal-store.js';
import type { EngineContext, Service } from '../src/kernel/service.js';
import { serviceFactories } from '../src/services/index.js';

const log = { info: () => {}, error: () => {} };
const place = { accountId: '123456789012', region: 'us-east-1' };

/** All services of the engine, not started. */
export function allServices(directory: string): readonly Service[] {
  const context: EngineContext = {
    ...place,
    partition: 'aws',
    endpoint: 'http://127.0.0.1:1',
    directory,
    journal: memoryJournal(),
    events: createEventBus({ ...place, log }),
    log,
    call: () => Promise.reject(new Error('nothing is called')),
  };
  return serviceFactories.map((create) =>
    create(context, { executor: 'process', capacity: { vcpus: 1, memoryMiB: 1 } }),
  );
}
