import type { JsonObject } from '../../json.js';
import { answeredText, ifThere } from '../answers.js';
import { documentText, objectsOf, requiredText, textOf } from '../members.js';
import type { ResourceRequest, ResourceState, ResourceTools, ResourceType } from '../resource-type.js';
import { document, documentOrText, documents, flag, list, shape, tagList, text } from '../schema.js';
import { retag, tagListOf, tagsOf } from '../tagging.js';

/** Properties that are attributes of the topic under the same name, with their defaults. */
const attributeDefaults: JsonObject = {
  ContentBasedDeduplication: false,
  DisplayName: '',
  FifoThroughputScope: 'Topic',
  FifoTopic: false,
  KmsMasterKeyId: '',
  SignatureVersion: '1',
  TracingConfig: 'PassThrough',
};

/** AWS::SNS::Topic; `Ref` is its ARN. */
export const snsTopic: ResourceType = {
  name: 'AWS::SNS::Topic',
  properties: shape(
    {},
    {
      ArchivePolicy: documentOrText,
      ContentBasedDeduplication: flag,
      DataProtectionPolicy: document,
      DeliveryStatusLogging: documents,
      DisplayName: text,
      FifoThroughputScope: text,
      FifoTopic: flag,
      KmsMasterKeyId: text,
      SignatureVersion: text,
      Subscription: list(shape({ Endpoint: text, Protocol: text })),
      Tags: tagList,
      TopicName: text,
      TracingConfig: text,
    },
  ),
  createOnly: ['FifoTopic', 'TopicName'],
  attributes: ['TopicArn', 'TopicName'],
  propertiesAreAttributes: true,
  tags: { property: 'Tags', form: 'list' },

  async find(request) {
    const { partition, region, accountId } = request;
    const TopicArn = `arn:${partition}:sns:${region}:${accountId}:${nameOf(request)}`;
    const found = await ifThere(
      request.call('sns', 'GetTopicAttributes', { TopicArn }),
      'NotFound',
      'NotFoundException',
    );
    return found && stateOf(TopicArn);
  },

  async create(request) {
    const { properties } = request;
    const answer = await request.call('sns', 'CreateTopic', {
      Name: nameOf(request),
      Attributes: attributesOf(properties),
      Tags: tagListOf(tagsOf(properties)),
    });
    const arn = answeredText(answer, 'TopicArn');
    await subscribe(request, arn, properties);
    return stateOf(arn);
  },

  async update(request, { physicalId: TopicArn, properties: before }) {
    const { properties } = request;
    const [old, wanted] = [attributesOf(before), attributesOf(properties)];
    for (const AttributeName of new Set([...Object.keys(old), ...Object.keys(wanted)])) {
      const AttributeValue = wanted[AttributeName] ?? documentText(attributeDefaults[AttributeName] ?? '');
      if (AttributeValue !== old[AttributeName])
        await request.call('sns', 'SetTopicAttributes', { TopicArn, AttributeName, AttributeValue });
    }
    await subscribe(request, TopicArn, properties);
    await retag(before, properties, {
      add: (tags) => request.call('sns', 'TagResource', { ResourceArn: TopicArn, Tags: tagListOf(tags) }),
      remove: (TagKeys) => request.call('sns', 'UntagResource', { ResourceArn: TopicArn, TagKeys }),
    });
    return stateOf(TopicArn);
  },

  async delete({ physicalId }, tools) {
    await tools.call('sns', 'DeleteTopic', { TopicArn: physicalId });
  },
};

const nameOf = (request: ResourceRequest) =>
  textOf(request.properties, 'TopicName') ?? request.generatedName({ maxLength: 256 });

const attributesOf = (properties: JsonObject): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(properties)
      .filter(([name]) => Object.hasOwn(attributeDefaults, name) || name === 'ArchivePolicy')
      .map(([name, value]) => [name, documentText(value)]),
  );

/** Subscribing is idempotent; as in AWS, subscriptions that were removed from the template are kept. */
async function subscribe(tools: ResourceTools, TopicArn: string, properties: JsonObject): Promise<void> {
  for (const subscription of objectsOf(properties, 'Subscription'))
    await tools.call('sns', 'Subscribe', {
      TopicArn,
      Endpoint: requiredText(subscription, 'Endpoint'),
      Protocol: requiredText(subscription, 'Protocol'),
    });
}

function stateOf(TopicArn: string): ResourceState {
  const TopicName = TopicArn.slice(TopicArn.lastIndexOf(':') + 1);
  return { physicalId: TopicArn, attributes: { TopicArn, TopicName } };
}
