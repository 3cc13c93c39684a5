import type { JsonObject } from '../../json.js';
import { answeredText, ifThere } from '../answers.js';
import { documentText, pick } from '../members.js';
import type { ResourceState, ResourceType } from '../resource-type.js';
import { documentOrText, flag, shape, text } from '../schema.js';

const attributeMembers = [
  'DeliveryPolicy',
  'FilterPolicy',
  'FilterPolicyScope',
  'RawMessageDelivery',
  'RedrivePolicy',
  'ReplayPolicy',
  'SubscriptionRoleArn',
];

/** AWS::SNS::Subscription; `Ref` is its ARN. */
export const snsSubscription: ResourceType = {
  name: 'AWS::SNS::Subscription',
  properties: shape(
    { Protocol: text, TopicArn: text },
    {
      DeliveryPolicy: documentOrText,
      Endpoint: text,
      FilterPolicy: documentOrText,
      FilterPolicyScope: text,
      RawMessageDelivery: flag,
      RedrivePolicy: documentOrText,
      Region: text,
      ReplayPolicy: documentOrText,
      SubscriptionRoleArn: text,
    },
  ),
  createOnly: ['Endpoint', 'Protocol', 'TopicArn'],
  attributes: ['Arn'],

  async create(request) {
    const { properties } = request;
    const answer = await request.call('sns', 'Subscribe', {
      ...pick(properties, ['Endpoint', 'Protocol', 'TopicArn']),
      Attributes: attributesOf(properties),
      ReturnSubscriptionArn: true,
    });
    return stateOf(answeredText(answer, 'SubscriptionArn'));
  },

  async update(request, { physicalId, properties: before }) {
    const [old, wanted] = [attributesOf(before), attributesOf(request.properties)];
    for (const AttributeName of attributeMembers) {
      const AttributeValue = wanted[AttributeName] ?? defaultOf(AttributeName);
      if (AttributeValue !== (old[AttributeName] ?? defaultOf(AttributeName)))
        await request.call('sns', 'SetSubscriptionAttributes', {
          SubscriptionArn: physicalId,
          AttributeName,
          AttributeValue,
        });
    }
    return stateOf(physicalId);
  },

  async delete({ physicalId }, tools) {
    await ifThere(tools.call('sns', 'Unsubscribe', { SubscriptionArn: physicalId }), 'NotFound', 'NotFoundException');
  },
};

function attributesOf(properties: JsonObject): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(pick(properties, attributeMembers)).map(([name, value]) => [name, documentText(value)]),
  );
}

function defaultOf(attribute: string): string {
  if (attribute === 'RawMessageDelivery') return 'false';
  return attribute === 'FilterPolicyScope' ? 'MessageAttributes' : '';
}

const stateOf = (arn: string): ResourceState => ({ physicalId: arn, attributes: { Arn: arn } });
