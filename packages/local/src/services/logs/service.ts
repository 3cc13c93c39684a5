import type { EngineContext, Service } from '../../kernel/service.js';
import { operationTable } from '../../operation.js';
import { logsAccess } from './access.js';
import { LogStore } from './log-store.js';
import { eventOperations } from './operations/events.js';
import { groupOperations } from './operations/groups.js';
import { streamOperations } from './operations/streams.js';

/** Amazon CloudWatch Logs: groups and streams, with the events of each stream in a separate file. */
export function createLogsService(context: EngineContext): Service {
  const store = new LogStore(context);
  return {
    name: 'logs',
    operations: operationTable(groupOperations(context, store), streamOperations(store), eventOperations(store)),
    access: logsAccess(context, store),
    json: { version: '1.1' },
    start: () => store.sweep(),
  };
}
