import type { JsonObject } from '../../json.js';
import { answeredText, ifThere } from '../answers.js';
import { documentText, textOf } from '../members.js';
import type { ResourceRequest, ResourceState, ResourceTools, ResourceType } from '../resource-type.js';
import { documentOrText, flag, shape, tagList, text, whole } from '../schema.js';
import { retag, tagsOf } from '../tagging.js';

/** Attributes of a queue, with the defaults for a template that omits them. */
const attributeDefaults: JsonObject = {
  DelaySeconds: 0,
  KmsDataKeyReusePeriodSeconds: 300,
  KmsMasterKeyId: '',
  MaximumMessageSize: 1_048_576,
  MessageRetentionPeriod: 345_600,
  ReceiveMessageWaitTimeSeconds: 0,
  RedriveAllowPolicy: '',
  RedrivePolicy: '',
  SqsManagedSseEnabled: true,
  VisibilityTimeout: 30,
};

/** AWS::SQS::Queue; `Ref` is its URL. */
export const sqsQueue: ResourceType = {
  name: 'AWS::SQS::Queue',
  properties: shape(
    {},
    {
      ContentBasedDeduplication: flag,
      DeduplicationScope: text,
      DelaySeconds: whole,
      FifoQueue: flag,
      FifoThroughputLimit: text,
      KmsDataKeyReusePeriodSeconds: whole,
      KmsMasterKeyId: text,
      MaximumMessageSize: whole,
      MessageRetentionPeriod: whole,
      QueueName: text,
      ReceiveMessageWaitTimeSeconds: whole,
      RedriveAllowPolicy: documentOrText,
      RedrivePolicy: documentOrText,
      SqsManagedSseEnabled: flag,
      Tags: tagList,
      VisibilityTimeout: whole,
    },
  ),
  createOnly: ['FifoQueue', 'QueueName'],
  attributes: ['Arn', 'QueueName', 'QueueUrl'],
  propertiesAreAttributes: true,
  tags: { property: 'Tags', form: 'list' },

  async find(request) {
    const answer = await ifThere(
      request.call('sqs', 'GetQueueUrl', { QueueName: nameOf(request) }),
      'QueueDoesNotExist',
    );
    return answer && stateOf(request, answeredText(answer, 'QueueUrl'));
  },

  async create(request) {
    const answer = await request.call('sqs', 'CreateQueue', {
      QueueName: nameOf(request),
      Attributes: attributesOf(request.properties),
      tags: tagsOf(request.properties),
    });
    return stateOf(request, answeredText(answer, 'QueueUrl'));
  },

  async update(request, { physicalId: QueueUrl, properties: before }) {
    const { properties } = request;
    // Attributes that were removed from the template are reset to their defaults.
    const left = Object.entries(attributeDefaults).filter(([name]) => before[name] !== undefined);
    const Attributes = { ...attributesOf(Object.fromEntries(left)), ...attributesOf(properties) };
    if (Object.keys(Attributes).length > 0) await request.call('sqs', 'SetQueueAttributes', { QueueUrl, Attributes });
    await retag(before, properties, {
      add: (Tags) => request.call('sqs', 'TagQueue', { QueueUrl, Tags }),
      remove: (TagKeys) => request.call('sqs', 'UntagQueue', { QueueUrl, TagKeys }),
    });
    return stateOf(request, QueueUrl);
  },

  async delete({ physicalId }, tools) {
    await ifThere(tools.call('sqs', 'DeleteQueue', { QueueUrl: physicalId }), 'QueueDoesNotExist');
  },
};

const nameOf = (request: ResourceRequest) =>
  textOf(request.properties, 'QueueName') ?? request.generatedName({ maxLength: 80 });

/** All properties except the name and the tags are attributes, as text. */
function attributesOf(properties: JsonObject): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(properties)
      .filter(([name]) => name !== 'QueueName' && name !== 'Tags')
      .map(([name, value]) => [name, documentText(value)]),
  );
}

function stateOf({ partition, region, accountId }: ResourceTools, QueueUrl: string): ResourceState {
  const QueueName = QueueUrl.slice(QueueUrl.lastIndexOf('/') + 1);
  const Arn = `arn:${partition}:sqs:${region}:${accountId}:${QueueName}`;
  return { physicalId: QueueUrl, attributes: { Arn, QueueName, QueueUrl } };
}
