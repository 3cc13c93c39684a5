import type { EngineContext, Service } from '../../kernel/service.js';
import { operationTable } from '../../operation.js';
import { sqsAccess } from './access.js';
import { messageOperations } from './operations/messages.js';
import { queueOperations } from './operations/queues.js';
import { sqsJson, sqsQuery } from './protocols.js';
import { Queues } from './queues.js';

/** Amazon SQS: standard queues with visibility timeouts, long polling and dead letters. */
export function createSqsService(context: EngineContext): Service {
  const queues = new Queues(context);
  return {
    name: 'sqs',
    operations: operationTable(queueOperations(queues), messageOperations(context, queues)),
    access: sqsAccess(queues),
    json: sqsJson,
    query: sqsQuery,
    stop: () => queues.stop(),
  };
}
