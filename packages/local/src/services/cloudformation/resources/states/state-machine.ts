import Type from 'typebox';
import { validationError } from '../../errors.js';
import type { JsonObject } from '../../json.js';
import { type Answer, answeredText, ifThere } from '../answers.js';
import { lowerMembers } from '../member-case.js';
import { objectOf, requiredText, textOf } from '../members.js';
import type { ResourceRequest, ResourceState, ResourceTools, ResourceType } from '../resource-type.js';
import { document, flag, list, shape, tagList, text, whole } from '../schema.js';
import { retag, tagsOf } from '../tagging.js';
import { definitionOf } from './definition.js';

/** AWS::StepFunctions::StateMachine; `Ref` is its ARN. */
export const stateMachine: ResourceType = {
  name: 'AWS::StepFunctions::StateMachine',
  properties: shape(
    { RoleArn: text },
    {
      Definition: document,
      DefinitionS3Location: shape({ Bucket: text, Key: text }, { Version: text }),
      DefinitionString: text,
      DefinitionSubstitutions: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean()])),
      EncryptionConfiguration: shape({ Type: text }, { KmsDataKeyReusePeriodSeconds: whole, KmsKeyId: text }),
      LoggingConfiguration: shape(
        {},
        {
          Destinations: list(shape({}, { CloudWatchLogsLogGroup: shape({}, { LogGroupArn: text }) })),
          IncludeExecutionData: flag,
          Level: text,
        },
      ),
      StateMachineName: text,
      StateMachineType: text,
      Tags: tagList,
      TracingConfiguration: shape({}, { Enabled: flag }),
    },
  ),
  createOnly: ['StateMachineName', 'StateMachineType'],
  attributes: ['Arn', 'Name', 'StateMachineRevisionId'],
  tags: { property: 'Tags', form: 'list' },
  changesOnUpdate: ['StateMachineRevisionId'],

  async find(request) {
    const { partition, region, accountId } = request;
    const arn = `arn:${partition}:states:${region}:${accountId}:stateMachine:${nameOf(request)}`;
    const machine = await describe(request, arn);
    return machine && stateOf(machine);
  },

  async create(request) {
    const { properties } = request;
    const type = textOf(properties, 'StateMachineType');
    const answer = await request.call('states', 'CreateStateMachine', {
      ...(await settingsOf(request)),
      name: nameOf(request),
      ...(type === undefined ? {} : { type }),
      tags: tagsFor(tagsOf(properties)),
    });
    const machine = await describe(request, answeredText(answer, 'stateMachineArn'));
    if (machine === undefined) throw validationError(`The state machine ${nameOf(request)} was deleted meanwhile.`);
    return stateOf(machine);
  },

  async update(request, { physicalId, properties: before }) {
    await request.call('states', 'UpdateStateMachine', {
      ...(await settingsOf(request)),
      stateMachineArn: physicalId,
    });
    await retag(before, request.properties, {
      add: (tags) => request.call('states', 'TagResource', { resourceArn: physicalId, tags: tagsFor(tags) }),
      remove: (tagKeys) => request.call('states', 'UntagResource', { resourceArn: physicalId, tagKeys }),
    });
    return stateOf(await request.call('states', 'DescribeStateMachine', { stateMachineArn: physicalId }));
  },

  async delete({ physicalId }, tools) {
    await tools.call('states', 'DeleteStateMachine', { stateMachineArn: physicalId });
  },
};

const nameOf = (request: ResourceRequest) =>
  textOf(request.properties, 'StateMachineName') ?? request.generatedName({ maxLength: 80 });

/**
 * The input that CreateStateMachine and UpdateStateMachine share; settings omitted in the template get their defaults.
 */
async function settingsOf(request: ResourceRequest): Promise<object> {
  const { properties } = request;
  return {
    definition: await definitionOf(request),
    roleArn: requiredText(properties, 'RoleArn'),
    loggingConfiguration: settingOf(properties, 'LoggingConfiguration', {
      level: 'OFF',
      includeExecutionData: false,
    }),
    tracingConfiguration: settingOf(properties, 'TracingConfiguration', { enabled: false }),
    ...(properties['EncryptionConfiguration'] === undefined
      ? {}
      : { encryptionConfiguration: settingOf(properties, 'EncryptionConfiguration', {}) }),
  };
}

const settingOf = (properties: JsonObject, name: string, byDefault: JsonObject): JsonObject => ({
  ...byDefault,
  ...lowerMembers(objectOf(properties, name) ?? {}),
});

const tagsFor = (tags: Readonly<Record<string, string>>) =>
  Object.entries(tags).map(([key, value]) => ({ key, value }));

/** Returns the live state machine; one that is only waiting for its last execution to end counts as deleted. */
async function describe(tools: ResourceTools, stateMachineArn: string): Promise<Answer | undefined> {
  const machine = await ifThere(
    tools.call('states', 'DescribeStateMachine', { stateMachineArn }),
    'StateMachineDoesNotExist',
  );
  return machine?.['status'] === 'DELETING' ? undefined : machine;
}

function stateOf(machine: Answer): ResourceState {
  const Arn = answeredText(machine, 'stateMachineArn');
  const { revisionId } = machine;
  return {
    physicalId: Arn,
    attributes: {
      Arn,
      Name: answeredText(machine, 'name'),
      StateMachineRevisionId: typeof revisionId === 'string' ? revisionId : 'INITIAL',
    },
  };
}
