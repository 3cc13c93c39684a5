import type { JsonObject } from '../../json.js';
import { answeredObjects, answeredText, ifThere } from '../answers.js';
import { documentText, objectsOf, pick, requiredText, textOf } from '../members.js';
import type { ResourceRequest, ResourceState, ResourceTools, ResourceType } from '../resource-type.js';
import { document, documentOrText, list, shape, tagList, text, textMap, whole } from '../schema.js';
import { retag, tagListOf, tagsOf } from '../tagging.js';

const target = shape(
  { Arn: text, Id: text },
  {
    AppSyncParameters: document,
    BatchParameters: document,
    DeadLetterConfig: shape({}, { Arn: text }),
    EcsParameters: document,
    HttpParameters: document,
    Input: text,
    InputPath: text,
    InputTransformer: shape({ InputTemplate: text }, { InputPathsMap: textMap }),
    KinesisParameters: document,
    RedshiftDataParameters: document,
    RetryPolicy: shape({}, { MaximumEventAgeInSeconds: whole, MaximumRetryAttempts: whole }),
    RoleArn: text,
    RunCommandParameters: document,
    SageMakerPipelineParameters: document,
    SqsParameters: shape({ MessageGroupId: text }),
  },
);

/** AWS::Events::Rule with its targets; `Ref` is its name. */
export const eventsRule: ResourceType = {
  name: 'AWS::Events::Rule',
  properties: shape(
    {},
    {
      Description: text,
      EventBusName: text,
      EventPattern: documentOrText,
      Name: text,
      RoleArn: text,
      ScheduleExpression: text,
      State: text,
      Tags: tagList,
      Targets: list(target),
    },
  ),
  createOnly: ['EventBusName', 'Name'],
  attributes: ['Arn'],
  tags: { property: 'Tags', form: 'list' },

  async find(request) {
    const answer = await ifThere(
      request.call('events', 'DescribeRule', { Name: nameOf(request), ...busOf(request.properties) }),
      'ResourceNotFoundException',
    );
    return answer && stateOf(nameOf(request), request.properties, answeredText(answer, 'Arn'));
  },

  async create(request) {
    const { properties } = request;
    const tags = tagListOf(tagsOf(properties));
    const answer = await request.call('events', 'PutRule', {
      ...ruleOf(nameOf(request), properties),
      ...(tags.length > 0 ? { Tags: tags } : {}),
    });
    await putTargets(request, nameOf(request), properties);
    return stateOf(nameOf(request), properties, answeredText(answer, 'RuleArn'));
  },

  async update(request, { physicalId, properties: before }) {
    const { properties } = request;
    const name = ruleName(physicalId);
    const answer = await request.call('events', 'PutRule', ruleOf(name, properties));
    const kept = new Set(targetIds(properties));
    await removeTargets(
      request,
      name,
      before,
      targetIds(before).filter((id) => !kept.has(id)),
    );
    await putTargets(request, name, properties);
    const ResourceARN = answeredText(answer, 'RuleArn');
    await retag(before, properties, {
      add: (tags) => request.call('events', 'TagResource', { ResourceARN, Tags: tagListOf(tags) }),
      remove: (TagKeys) => request.call('events', 'UntagResource', { ResourceARN, TagKeys }),
    });
    return stateOf(name, properties, ResourceARN);
  },

  async delete({ physicalId, properties }, tools) {
    const name = ruleName(physicalId);
    const found = await ifThere(
      tools.call('events', 'ListTargetsByRule', { Rule: name, ...busOf(properties) }),
      'ResourceNotFoundException',
    );
    if (found === undefined) return;
    const ids = answeredObjects(found, 'Targets').map((each) => answeredText(each, 'Id'));
    await removeTargets(tools, name, properties, ids);
    await tools.call('events', 'DeleteRule', { Name: name, ...busOf(properties) });
  },
};

const nameOf = (request: ResourceRequest) =>
  textOf(request.properties, 'Name') ?? request.generatedName({ maxLength: 64 });

/** The id of a rule on a custom bus is `<bus>|<rule>`. */
const ruleName = (physicalId: string) => physicalId.slice(physicalId.indexOf('|') + 1);

const busOf = (properties: JsonObject) => pick(properties, ['EventBusName']);

const targetIds = (properties: JsonObject) => objectsOf(properties, 'Targets').map((each) => requiredText(each, 'Id'));

function ruleOf(Name: string, properties: JsonObject): object {
  const pattern = properties['EventPattern'];
  return {
    State: 'ENABLED',
    ...pick(properties, ['Description', 'EventBusName', 'RoleArn', 'ScheduleExpression', 'State']),
    Name,
    ...(pattern === undefined ? {} : { EventPattern: documentText(pattern) }),
  };
}

async function putTargets(tools: ResourceTools, Rule: string, properties: JsonObject): Promise<void> {
  const Targets = objectsOf(properties, 'Targets');
  if (Targets.length > 0) await tools.call('events', 'PutTargets', { Rule, ...busOf(properties), Targets });
}

async function removeTargets(tools: ResourceTools, Rule: string, properties: JsonObject, Ids: readonly string[]) {
  if (Ids.length > 0) await tools.call('events', 'RemoveTargets', { Rule, ...busOf(properties), Ids });
}

function stateOf(name: string, properties: JsonObject, Arn: string): ResourceState {
  const bus = textOf(properties, 'EventBusName');
  return { physicalId: bus === undefined || bus === 'default' ? name : `${bus}|${name}`, attributes: { Arn } };
}
