import { Outbox } from '../../kernel/delivery/outbox.js';
import type { EngineContext } from '../../kernel/service.js';
import { operationTable } from '../../operation.js';
import type { PageService } from '../../wire/server.js';
import { snsAccess } from './access.js';
import { Notifications } from './notifications.js';
import { publishOperations } from './operations/publish.js';
import { subscriptionOperations } from './operations/subscriptions.js';
import { topicOperations } from './operations/topics.js';
import { Topics } from './topics.js';

/**
 * Amazon SNS: topics whose messages go to SQS queues and Lambda functions, and are stored for reading at
 * `/_bclaw/messages`.
 */
export function createSnsService(context: EngineContext): PageService {
  const topics = new Topics(context);
  const notifications = new Notifications(context);
  const outbox = new Outbox(context, 'sns/deliveries');
  return {
    name: 'sns',
    operations: operationTable(
      topicOperations(context, topics),
      subscriptionOperations(context, topics),
      publishOperations(topics, notifications, outbox),
    ),
    access: snsAccess(topics),
    query: {
      namespace: 'http://sns.amazonaws.com/doc/2010-03-31/',
      maps: new Set(['Attributes']),
    },
    pages: { messages: (query) => notifications.page(query) },
    start: () => outbox.start(),
    stop: () => outbox.stop(),
  };
}
