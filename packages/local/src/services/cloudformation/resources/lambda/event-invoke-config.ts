import type { JsonObject } from '../../json.js';
import { ifThere } from '../answers.js';
import { pick, requiredText } from '../members.js';
import type { ResourceState, ResourceType } from '../resource-type.js';
import { shape, text, whole } from '../schema.js';

const destination = shape({ Destination: text });
const nameMembers = ['FunctionName', 'Qualifier'];
const settingMembers = ['DestinationConfig', 'MaximumEventAgeInSeconds', 'MaximumRetryAttempts'];

/** AWS::Lambda::EventInvokeConfig: handling of asynchronous invocations. */
export const lambdaEventInvokeConfig: ResourceType = {
  name: 'AWS::Lambda::EventInvokeConfig',
  properties: shape(
    { FunctionName: text, Qualifier: text },
    {
      DestinationConfig: shape({}, { OnFailure: destination, OnSuccess: destination }),
      MaximumEventAgeInSeconds: whole,
      MaximumRetryAttempts: whole,
    },
  ),
  createOnly: nameMembers,
  attributes: [],

  async find(request) {
    const { properties } = request;
    const answer = await ifThere(
      request.call('lambda', 'GetFunctionEventInvokeConfig', pick(properties, nameMembers)),
      'ResourceNotFoundException',
    );
    return answer && stateOf(properties);
  },

  async create(request) {
    const { properties } = request;
    await request.call('lambda', 'PutFunctionEventInvokeConfig', pick(properties, [...nameMembers, ...settingMembers]));
    return stateOf(properties);
  },

  async update(request) {
    const { properties } = request;
    await request.call('lambda', 'PutFunctionEventInvokeConfig', pick(properties, [...nameMembers, ...settingMembers]));
    return stateOf(properties);
  },

  async delete({ properties }, tools) {
    await ifThere(
      tools.call('lambda', 'DeleteFunctionEventInvokeConfig', pick(properties, nameMembers)),
      'ResourceNotFoundException',
    );
  },
};

function stateOf(properties: JsonObject): ResourceState {
  return {
    physicalId: `${requiredText(properties, 'FunctionName')}|${requiredText(properties, 'Qualifier')}`,
    attributes: {},
  };
}
