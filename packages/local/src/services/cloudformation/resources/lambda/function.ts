import type { JsonObject } from '../../json.js';
import { sameJson } from '../../json.js';
import { answeredObject, answeredText, ifThere } from '../answers.js';
import { objectOf, pick, textOf } from '../members.js';
import type { ResourceRequest, ResourceState, ResourceTools, ResourceType } from '../resource-type.js';
import { document, flag, list, shape, tagList, text, textMap, texts, whole } from '../schema.js';
import { retag, tagsOf } from '../tagging.js';
import { inlineCode } from './inline-code.js';

const codeMembers = ['ImageUri', 'S3Bucket', 'S3Key', 'S3ObjectVersion', 'SourceKMSKeyArn'];

/** AWS::Lambda::Function; `Ref` is its name. */
export const lambdaFunction: ResourceType = {
  name: 'AWS::Lambda::Function',
  properties: shape(
    {
      Code: shape(
        {},
        {
          ImageUri: text,
          S3Bucket: text,
          S3Key: text,
          S3ObjectVersion: text,
          S3ObjectStorageMode: text,
          SourceKMSKeyArn: text,
          ZipFile: text,
        },
      ),
      Role: text,
    },
    {
      Architectures: texts,
      CapacityProviderConfig: document,
      CodeSigningConfigArn: text,
      DeadLetterConfig: shape({}, { TargetArn: text }),
      Description: text,
      DurableConfig: document,
      Environment: shape({}, { Variables: textMap }),
      EphemeralStorage: shape({ Size: whole }),
      FileSystemConfigs: list(shape({ Arn: text, LocalMountPath: text })),
      FunctionName: text,
      FunctionScalingConfig: shape({}, { MaxExecutionEnvironments: whole, MinExecutionEnvironments: whole }),
      Handler: text,
      ImageConfig: shape({}, { Command: texts, EntryPoint: texts, WorkingDirectory: text }),
      KmsKeyArn: text,
      Layers: texts,
      LoggingConfig: shape({}, { ApplicationLogLevel: text, LogFormat: text, LogGroup: text, SystemLogLevel: text }),
      MemorySize: whole,
      PackageType: text,
      PublishToLatestPublished: flag,
      RecursiveLoop: text,
      ReservedConcurrentExecutions: whole,
      Runtime: text,
      RuntimeManagementConfig: shape({ UpdateRuntimeOn: text }, { RuntimeVersionArn: text }),
      SnapStart: shape({ ApplyOn: text }),
      Tags: tagList,
      TenancyConfig: document,
      Timeout: whole,
      TracingConfig: shape({}, { Mode: text }),
      VpcConfig: shape({}, { Ipv6AllowedForDualStack: flag, SecurityGroupIds: texts, SubnetIds: texts }),
    },
  ),
  createOnly: ['FunctionName', 'PackageType', 'TenancyConfig'],
  attributes: ['Arn', 'SnapStartResponse.ApplyOn', 'SnapStartResponse.OptimizationStatus'],
  tags: { property: 'Tags', form: 'list' },

  async find(request) {
    const answer = await ifThere(
      request.call('lambda', 'GetFunction', { FunctionName: nameOf(request) }),
      'ResourceNotFoundException',
    );
    return answer && stateOf(answeredObject(answer, 'Configuration'));
  },

  async create(request) {
    const { properties } = request;
    const answer = await request.call('lambda', 'CreateFunction', {
      ...pick(properties, [...configurationMembers, 'Architectures', 'PackageType']),
      FunctionName: nameOf(request),
      Code: codeOf(properties),
      Tags: tagsOf(properties),
    });
    await reserve(request, nameOf(request), properties);
    return stateOf(answer);
  },

  async update(request, { physicalId, properties: before, attributes }) {
    const { properties } = request;
    const names = { FunctionName: physicalId };
    const architectures = properties['Architectures'] ?? ['x86_64'];
    if (!sameJson(pick(before, ['Code', 'Architectures']), pick(properties, ['Code', 'Architectures'])))
      await request.call('lambda', 'UpdateFunctionCode', {
        ...names,
        ...codeOf(properties),
        Architectures: architectures,
      });
    if (!sameJson(pick(before, configurationMembers), pick(properties, configurationMembers)))
      await request.call('lambda', 'UpdateFunctionConfiguration', {
        ...defaults(physicalId),
        ...pick(properties, configurationMembers),
        ...names,
      });
    await reserve(request, physicalId, properties, before);
    const Resource = attributes['Arn'];
    await retag(before, properties, {
      add: (Tags) => request.call('lambda', 'TagResource', { Resource, Tags }),
      remove: (TagKeys) => request.call('lambda', 'UntagResource', { Resource, TagKeys }),
    });
    return { physicalId, attributes };
  },

  async delete({ physicalId }, tools) {
    await ifThere(tools.call('lambda', 'DeleteFunction', { FunctionName: physicalId }), 'ResourceNotFoundException');
  },
};

const configurationMembers = [
  'DeadLetterConfig',
  'Description',
  'Environment',
  'EphemeralStorage',
  'Handler',
  'LoggingConfig',
  'MemorySize',
  'Role',
  'Runtime',
  'Timeout',
  'TracingConfig',
];

/**
 * Lambda keeps settings that an update omits; a property that was removed from the template is reset to its default.
 */
const defaults = (name: string) => ({
  DeadLetterConfig: {},
  Description: '',
  Environment: { Variables: {} },
  EphemeralStorage: { Size: 512 },
  LoggingConfig: { LogFormat: 'Text', LogGroup: `/aws/lambda/${name}` },
  MemorySize: 128,
  Timeout: 3,
  TracingConfig: { Mode: 'PassThrough' },
});

const nameOf = (request: ResourceRequest) =>
  textOf(request.properties, 'FunctionName') ?? request.generatedName({ maxLength: 64 });

function codeOf(properties: JsonObject): object {
  const code = objectOf(properties, 'Code') ?? {};
  const source = textOf(code, 'ZipFile');
  return source === undefined ? pick(code, codeMembers) : { ZipFile: inlineCode(source) };
}

async function reserve(tools: ResourceTools, FunctionName: string, wanted: JsonObject, before: JsonObject = {}) {
  const reserved = wanted['ReservedConcurrentExecutions'];
  if (reserved === before['ReservedConcurrentExecutions']) return;
  if (reserved === undefined) await tools.call('lambda', 'DeleteFunctionConcurrency', { FunctionName });
  else await tools.call('lambda', 'PutFunctionConcurrency', { FunctionName, ReservedConcurrentExecutions: reserved });
}

function stateOf(configuration: Readonly<Record<string, unknown>>): ResourceState {
  const snapStart = answeredObject(configuration, 'SnapStart');
  return {
    physicalId: answeredText(configuration, 'FunctionName'),
    attributes: {
      Arn: answeredText(configuration, 'FunctionArn'),
      'SnapStartResponse.ApplyOn': String(snapStart['ApplyOn']),
      'SnapStartResponse.OptimizationStatus': String(snapStart['OptimizationStatus']),
    },
  };
}
