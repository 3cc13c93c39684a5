import { ifThere } from '../answers.js';
import { documentText, textsOf } from '../members.js';
import type { ResourceRequest, ResourceState, ResourceTools, ResourceType } from '../resource-type.js';
import { documentOrText, shape, texts } from '../schema.js';

/** AWS::SQS::QueuePolicy: the same policy for some queues. */
export const sqsQueuePolicy: ResourceType = {
  name: 'AWS::SQS::QueuePolicy',
  properties: shape({ PolicyDocument: documentOrText, Queues: texts }),
  createOnly: [],
  attributes: ['Id'],

  async create(request) {
    await apply(request);
    return stateOf(request.generatedName());
  },

  async update(request, { physicalId, properties: before }) {
    const kept = new Set(textsOf(request.properties, 'Queues'));
    await withdraw(
      request,
      textsOf(before, 'Queues').filter((queue) => !kept.has(queue)),
    );
    await apply(request);
    return stateOf(physicalId);
  },

  async delete({ properties }, tools) {
    await withdraw(tools, textsOf(properties, 'Queues'));
  },
};

async function apply(request: ResourceRequest): Promise<void> {
  const { properties } = request;
  const Policy = documentText(properties['PolicyDocument'] ?? {});
  for (const QueueUrl of textsOf(properties, 'Queues'))
    await request.call('sqs', 'SetQueueAttributes', { QueueUrl, Attributes: { Policy } });
}

async function withdraw(tools: ResourceTools, queues: readonly string[]): Promise<void> {
  for (const QueueUrl of queues)
    await ifThere(
      tools.call('sqs', 'SetQueueAttributes', { QueueUrl, Attributes: { Policy: '' } }),
      'QueueDoesNotExist',
    );
}

const stateOf = (id: string): ResourceState => ({ physicalId: id, attributes: { Id: id } });
