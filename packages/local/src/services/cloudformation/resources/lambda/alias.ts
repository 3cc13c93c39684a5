import type { JsonObject } from '../../json.js';
import { type Answer, answeredText, ifThere } from '../answers.js';
import { objectOf, objectsOf, pick, requiredText } from '../members.js';
import type { ResourceState, ResourceType } from '../resource-type.js';
import { decimal, list, shape, text, whole } from '../schema.js';

/** AWS::Lambda::Alias; `Ref` is its ARN. */
export const lambdaAlias: ResourceType = {
  name: 'AWS::Lambda::Alias',
  properties: shape(
    { FunctionName: text, FunctionVersion: text, Name: text },
    {
      Description: text,
      ProvisionedConcurrencyConfig: shape({ ProvisionedConcurrentExecutions: whole }),
      RoutingConfig: shape(
        {},
        { AdditionalVersionWeights: list(shape({ FunctionVersion: text, FunctionWeight: decimal })) },
      ),
    },
  ),
  createOnly: ['FunctionName', 'Name'],
  attributes: ['AliasArn'],

  async find(request) {
    const { properties } = request;
    const answer = await ifThere(
      request.call('lambda', 'GetAlias', pick(properties, ['FunctionName', 'Name'])),
      'ResourceNotFoundException',
    );
    return answer && stateOf(answer);
  },

  async create(request) {
    const { properties } = request;
    return stateOf(await request.call('lambda', 'CreateAlias', inputOf(properties)));
  },

  async update(request) {
    const { properties } = request;
    return stateOf(await request.call('lambda', 'UpdateAlias', inputOf(properties)));
  },

  async delete({ properties }, tools) {
    await ifThere(
      tools.call('lambda', 'DeleteAlias', pick(properties, ['FunctionName', 'Name'])),
      'ResourceNotFoundException',
    );
  },
};

/** Removes weights that are not in the template, so the alias always matches the template. */
function inputOf(properties: JsonObject): object {
  const weights = objectsOf(objectOf(properties, 'RoutingConfig'), 'AdditionalVersionWeights');
  return {
    Description: '',
    ...pick(properties, ['Description', 'FunctionName', 'FunctionVersion', 'Name']),
    RoutingConfig: {
      AdditionalVersionWeights: Object.fromEntries(
        weights.map((weight) => [requiredText(weight, 'FunctionVersion'), weight['FunctionWeight']]),
      ),
    },
  };
}

function stateOf(alias: Answer): ResourceState {
  const AliasArn = answeredText(alias, 'AliasArn');
  return { physicalId: AliasArn, attributes: { AliasArn } };
}
