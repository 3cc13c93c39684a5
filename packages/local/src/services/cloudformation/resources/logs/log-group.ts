import { present } from '../../../../kernel/present.js';
import type { JsonObject } from '../../json.js';
import { answeredObjects, ifThere } from '../answers.js';
import { pick, textOf } from '../members.js';
import type { ResourceRequest, ResourceState, ResourceTools, ResourceType } from '../resource-type.js';
import { document, documents, flag, shape, tagList, text, whole } from '../schema.js';
import { retag, tagsOf } from '../tagging.js';

/** AWS::Logs::LogGroup; `Ref` is its name. */
export const logsLogGroup: ResourceType = {
  name: 'AWS::Logs::LogGroup',
  properties: shape(
    {},
    {
      BearerTokenAuthenticationEnabled: flag,
      DataProtectionPolicy: document,
      DeletionProtectionEnabled: flag,
      FieldIndexPolicies: documents,
      KmsKeyId: text,
      LogGroupClass: text,
      LogGroupName: text,
      ResourcePolicyDocument: document,
      RetentionInDays: whole,
      Tags: tagList,
    },
  ),
  createOnly: ['LogGroupName'],
  attributes: ['Arn'],
  tags: { property: 'Tags', form: 'list' },

  async find(request) {
    const logGroupName = nameOf(request);
    const answer = await request.call('logs', 'DescribeLogGroups', { logGroupNamePrefix: logGroupName });
    const found = answeredObjects(answer, 'logGroups').some((group) => group['logGroupName'] === logGroupName);
    return found ? stateOf(request, logGroupName) : undefined;
  },

  async create(request) {
    const { properties } = request;
    const logGroupName = nameOf(request);
    const { KmsKeyId: kmsKeyId, LogGroupClass: logGroupClass } = pick(properties, ['KmsKeyId', 'LogGroupClass']);
    await request.call('logs', 'CreateLogGroup', {
      logGroupName,
      ...present({ kmsKeyId, logGroupClass }),
      tags: tagsOf(properties),
    });
    await retain(request, logGroupName, properties);
    return stateOf(request, logGroupName);
  },

  async update(request, { physicalId, properties: before }) {
    const { properties } = request;
    await retain(request, physicalId, properties, before);
    const resourceArn = arnOf(request, physicalId);
    await retag(before, properties, {
      add: (tags) => request.call('logs', 'TagResource', { resourceArn, tags }),
      remove: (tagKeys) => request.call('logs', 'UntagResource', { resourceArn, tagKeys }),
    });
    return stateOf(request, physicalId);
  },

  async delete({ physicalId }, tools) {
    await ifThere(tools.call('logs', 'DeleteLogGroup', { logGroupName: physicalId }), 'ResourceNotFoundException');
  },
};

const nameOf = (request: ResourceRequest) =>
  textOf(request.properties, 'LogGroupName') ?? request.generatedName({ maxLength: 512 });

async function retain(tools: ResourceTools, logGroupName: string, wanted: JsonObject, before: JsonObject = {}) {
  const retentionInDays = wanted['RetentionInDays'];
  if (retentionInDays !== undefined) await tools.call('logs', 'PutRetentionPolicy', { logGroupName, retentionInDays });
  else if (before['RetentionInDays'] !== undefined) await tools.call('logs', 'DeleteRetentionPolicy', { logGroupName });
}

const arnOf = ({ partition, region, accountId }: ResourceTools, name: string) =>
  `arn:${partition}:logs:${region}:${accountId}:log-group:${name}`;

const stateOf = (tools: ResourceTools, name: string): ResourceState => ({
  physicalId: name,
  attributes: { Arn: `${arnOf(tools, name)}:*` },
});
