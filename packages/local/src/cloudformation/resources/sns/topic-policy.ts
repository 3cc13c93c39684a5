import { ifThere } from '../answers.js';
import { documentText, textsOf } from '../members.js';
import type { ResourceRequest, ResourceState, ResourceTools, ResourceType } from '../resource-type.js';
import { documentOrText, shape, texts } from '../schema.js';

/** AWS::SNS::TopicPolicy: the same policy for some topics. */
export const snsTopicPolicy: ResourceType = {
  name: 'AWS::SNS::TopicPolicy',
  properties: shape({ PolicyDocument: documentOrText, Topics: texts }),
  createOnly: [],
  attributes: ['Id'],

  async create(request) {
    await apply(request);
    return stateOf(request.generatedName());
  },

  async update(request, { physicalId, properties: before }) {
    const kept = new Set(textsOf(request.properties, 'Topics'));
    await withdraw(
      request,
      textsOf(before, 'Topics').filter((topic) => !kept.has(topic)),
    );
    await apply(request);
    return stateOf(physicalId);
  },

  async delete({ properties }, tools) {
    await withdraw(tools, textsOf(properties, 'Topics'));
  },
};

async function apply(request: ResourceRequest): Promise<void> {
  const { properties } = request;
  const AttributeValue = documentText(properties['PolicyDocument'] ?? {});
  for (const TopicArn of textsOf(properties, 'Topics'))
    await request.call('sns', 'SetTopicAttributes', { TopicArn, AttributeName: 'Policy', AttributeValue });
}

/** A topic always has a policy; without one of its own, its owner may use it. */
async function withdraw(tools: ResourceTools, topics: readonly string[]): Promise<void> {
  for (const TopicArn of topics) {
    const AttributeValue = JSON.stringify({
      Version: '2008-10-17',
      Id: '__default_policy_ID',
      Statement: [
        {
          Sid: '__default_statement_ID',
          Effect: 'Allow',
          Principal: { AWS: '*' },
          Action: ['SNS:Publish', 'SNS:Subscribe', 'SNS:GetTopicAttributes', 'SNS:SetTopicAttributes'],
          Resource: TopicArn,
          Condition: { StringEquals: { 'AWS:SourceOwner': tools.accountId } },
        },
      ],
    });
    await ifThere(
      tools.call('sns', 'SetTopicAttributes', { TopicArn, AttributeName: 'Policy', AttributeValue }),
      'NotFound',
      'NotFoundException',
    );
  }
}

const stateOf = (id: string): ResourceState => ({ physicalId: id, attributes: { Id: id } });
