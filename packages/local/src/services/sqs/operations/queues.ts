import Type from 'typebox';
import type { Operation } from '../../../operation.js';
import { AwsError } from '../../../wire/aws-error.js';
import { pageOf, sortedBy } from '../../../wire/page.js';
import { withoutTagKeys } from '../../../wire/tag-list.js';
import { checkAttributes, effectiveAttributes } from '../attributes.js';
import type { QueueRecord } from '../model.js';
import { integer, invalid, invalidParameter, names, operation, queueUrl, textMap } from '../operation.js';
import type { Queues } from '../queues.js';

const oneQueue = Type.Object({ QueueUrl: queueUrl });

/** Queues with their attributes and tags. */
export function queueOperations(queues: Queues): Operation[] {
  return [
    operation(
      'CreateQueue',
      Type.Object({ QueueName: Type.String(), Attributes: Type.Optional(textMap), tags: Type.Optional(textMap) }),
      ({ QueueName, Attributes = {}, tags = {} }) => {
        if (QueueName.endsWith('.fifo'))
          throw invalidParameter('The embedded engine has standard queues only, no FIFO queues.');
        if (!/^[A-Za-z0-9_-]{1,80}$/.test(QueueName))
          throw invalidParameter(
            'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length',
          );
        checkAttributes(Attributes);
        const existing = queues.find(QueueName);
        if (existing !== undefined) {
          refuseDifference(existing, Attributes);
          return { QueueUrl: queues.url(existing) };
        }
        const now = Date.now();
        const queue: QueueRecord = {
          name: QueueName,
          arn: queues.arn(QueueName),
          attributes: Attributes,
          tags,
          createdAt: now,
          changedAt: now,
        };
        queues.set(queue);
        return { QueueUrl: queues.url(queue) };
      },
    ),

    operation('DeleteQueue', oneQueue, ({ QueueUrl }) => queues.delete(queues.get(QueueUrl))),

    operation('GetQueueUrl', Type.Object({ QueueName: Type.String() }), ({ QueueName }) => ({
      QueueUrl: queues.url(queues.get(QueueName)),
    })),

    operation(
      'ListQueues',
      Type.Object({
        QueueNamePrefix: Type.Optional(Type.String()),
        MaxResults: integer(1, 1000),
        NextToken: Type.Optional(Type.String()),
      }),
      ({ QueueNamePrefix = '', MaxResults: limit = 1000, NextToken: token }) => {
        const all = sortedBy(queues.values(), ({ name }) => name);
        const found = all.filter(({ name }) => name.startsWith(QueueNamePrefix));
        const { items, nextToken } = pageOf(found, ({ name }) => name, { limit, token, code: invalid });
        return { QueueUrls: items.map((queue) => queues.url(queue)), NextToken: nextToken };
      },
    ),

    operation(
      'GetQueueAttributes',
      Type.Object({ QueueUrl: queueUrl, AttributeNames: names }),
      ({ QueueUrl, AttributeNames = [] }) => {
        const queue = queues.get(QueueUrl);
        const now = Date.now();
        const { visible, delayed, inFlight } = queues.currentMessages(queue, now).count(now);
        const all: Record<string, string> = {
          ...effectiveAttributes(queue),
          QueueArn: queue.arn,
          CreatedTimestamp: String(Math.floor(queue.createdAt / 1000)),
          LastModifiedTimestamp: String(Math.floor(queue.changedAt / 1000)),
          ApproximateNumberOfMessages: String(visible),
          ApproximateNumberOfMessagesDelayed: String(delayed),
          ApproximateNumberOfMessagesNotVisible: String(inFlight),
        };
        const wanted = new Set(AttributeNames);
        const shown = Object.entries(all).filter(([name]) => wanted.has('All') || wanted.has(name));
        return { Attributes: shown.length === 0 ? undefined : Object.fromEntries(shown) };
      },
    ),

    operation(
      'SetQueueAttributes',
      Type.Object({ QueueUrl: queueUrl, Attributes: textMap }),
      ({ QueueUrl, Attributes }) => {
        const queue = queues.get(QueueUrl);
        checkAttributes(Attributes);
        queues.set({ ...queue, attributes: { ...queue.attributes, ...Attributes }, changedAt: Date.now() });
      },
    ),

    operation('TagQueue', Type.Object({ QueueUrl: queueUrl, Tags: textMap }), ({ QueueUrl, Tags }) => {
      const queue = queues.get(QueueUrl);
      queues.set({ ...queue, tags: { ...queue.tags, ...Tags } });
    }),

    operation(
      'UntagQueue',
      Type.Object({ QueueUrl: queueUrl, TagKeys: Type.Array(Type.String()) }),
      ({ QueueUrl, TagKeys }) => {
        const queue = queues.get(QueueUrl);
        queues.set({ ...queue, tags: withoutTagKeys(queue.tags, TagKeys) });
      },
    ),

    operation('ListQueueTags', oneQueue, ({ QueueUrl }) => ({ Tags: queues.get(QueueUrl).tags })),

    operation('PurgeQueue', oneQueue, ({ QueueUrl }) => queues.messagesOf(queues.get(QueueUrl).name).clear()),
  ];
}

function refuseDifference(existing: QueueRecord, attributes: Readonly<Record<string, string>>): void {
  const effective = effectiveAttributes(existing);
  const differing = Object.entries(attributes).find(([name, value]) => effective[name] !== value);
  if (differing !== undefined)
    throw new AwsError(
      'QueueNameExists',
      `A queue already exists with the same name and a different value for attribute ${differing[0]}`,
    );
}
