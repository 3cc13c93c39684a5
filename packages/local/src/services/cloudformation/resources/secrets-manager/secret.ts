import type { JsonObject } from '../../json.js';
import { sameJson } from '../../json.js';
import { type Answer, answeredText, ifThere } from '../answers.js';
import { objectOf, pick, textOf } from '../members.js';
import type { ResourceRequest, ResourceState, ResourceType } from '../resource-type.js';
import { documents, flag, shape, tagList, text, whole } from '../schema.js';
import { retag, tagListOf, tagsOf } from '../tagging.js';
import { generateSecretString } from './generated-secret.js';

/** AWS::SecretsManager::Secret; `Ref` is its ARN. */
export const secret: ResourceType = {
  name: 'AWS::SecretsManager::Secret',
  properties: shape(
    {},
    {
      Description: text,
      GenerateSecretString: shape(
        {},
        {
          ExcludeCharacters: text,
          ExcludeLowercase: flag,
          ExcludeNumbers: flag,
          ExcludePunctuation: flag,
          ExcludeUppercase: flag,
          GenerateStringKey: text,
          IncludeSpace: flag,
          PasswordLength: whole,
          RequireEachIncludedType: flag,
          SecretStringTemplate: text,
        },
      ),
      KmsKeyId: text,
      Name: text,
      ReplicaRegions: documents,
      SecretString: text,
      Tags: tagList,
      Type: text,
    },
  ),
  createOnly: ['Name'],
  attributes: ['Id'],
  tags: { property: 'Tags', form: 'list' },

  async find(request) {
    const answer = await ifThere(
      request.call('secretsmanager', 'DescribeSecret', { SecretId: nameOf(request) }),
      'ResourceNotFoundException',
    );
    return answer && stateOf(answer);
  },

  async create(request) {
    const { properties } = request;
    const answer = await request.call('secretsmanager', 'CreateSecret', {
      ...pick(properties, ['Description', 'KmsKeyId']),
      ...secretValueOf(properties),
      Name: nameOf(request),
      Tags: tagListOf(tagsOf(properties)),
    });
    return stateOf(answer);
  },

  async update(request, { physicalId, properties: before }) {
    const { properties } = request;
    const valueMembers = ['GenerateSecretString', 'SecretString'];
    const sameValue = sameJson(pick(before, valueMembers), pick(properties, valueMembers));
    const answer = await request.call('secretsmanager', 'UpdateSecret', {
      Description: '',
      ...pick(properties, ['Description', 'KmsKeyId']),
      ...(sameValue ? {} : secretValueOf(properties)),
      SecretId: physicalId,
    });
    await retag(before, properties, {
      add: (tags) => request.call('secretsmanager', 'TagResource', { SecretId: physicalId, Tags: tagListOf(tags) }),
      remove: (TagKeys) => request.call('secretsmanager', 'UntagResource', { SecretId: physicalId, TagKeys }),
    });
    return stateOf(answer);
  },

  async delete({ physicalId }, tools) {
    await ifThere(
      tools.call('secretsmanager', 'DeleteSecret', { SecretId: physicalId, ForceDeleteWithoutRecovery: true }),
      'ResourceNotFoundException',
    );
  },
};

const nameOf = (request: ResourceRequest) => textOf(request.properties, 'Name') ?? request.generatedName();

function secretValueOf(properties: JsonObject): object {
  const given = textOf(properties, 'SecretString');
  if (given !== undefined) return { SecretString: given };
  const recipe = objectOf(properties, 'GenerateSecretString');
  return recipe === undefined ? {} : { SecretString: generateSecretString(recipe) };
}

function stateOf(answer: Answer): ResourceState {
  const arn = answeredText(answer, 'ARN');
  return { physicalId: arn, attributes: { Id: arn } };
}
