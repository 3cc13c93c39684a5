import { answeredObjects, answeredText } from '../answers.js';
import { lowerMembers } from '../member-case.js';
import { objectOf, textOf, without } from '../members.js';
import type { ResourceRequest, ResourceState, ResourceType } from '../resource-type.js';
import { document, flag, list, shape, text, textMap, texts, whole } from '../schema.js';

const keyValues = list(shape({}, { Name: text, Value: text }));
const secrets = list(shape({ Name: text, ValueFrom: text }));

const containerProperties = shape(
  { Image: text },
  {
    Command: texts,
    EnableExecuteCommand: flag,
    Environment: keyValues,
    EphemeralStorage: shape({ SizeInGiB: whole }),
    ExecutionRoleArn: text,
    FargatePlatformConfiguration: shape({}, { PlatformVersion: text }),
    JobRoleArn: text,
    LinuxParameters: document,
    LogConfiguration: shape({ LogDriver: text }, { Options: textMap, SecretOptions: secrets }),
    Memory: whole,
    MountPoints: list(shape({}, { ContainerPath: text, ReadOnly: flag, SourceVolume: text })),
    NetworkConfiguration: shape({}, { AssignPublicIp: text }),
    Privileged: flag,
    ReadonlyRootFilesystem: flag,
    RepositoryCredentials: shape({ CredentialsParameter: text }),
    ResourceRequirements: list(shape({}, { Type: text, Value: text })),
    RuntimePlatform: shape({}, { CpuArchitecture: text, OperatingSystemFamily: text }),
    Secrets: secrets,
    Ulimits: list(shape({ HardLimit: whole, Name: text, SoftLimit: whole })),
    User: text,
    Vcpus: whole,
    Volumes: list(
      shape(
        {},
        {
          EfsVolumeConfiguration: shape(
            { FileSystemId: text },
            {
              AuthorizationConfig: shape({}, { AccessPointId: text, Iam: text }),
              RootDirectory: text,
              TransitEncryption: text,
              TransitEncryptionPort: whole,
            },
          ),
          Host: shape({}, { SourcePath: text }),
          Name: text,
        },
      ),
    ),
  },
);

/** AWS::Batch::JobDefinition; `Ref` is the ARN with the revision. Every change registers another revision. */
export const batchJobDefinition: ResourceType = {
  name: 'AWS::Batch::JobDefinition',
  properties: shape(
    { Type: text },
    {
      ConsumableResourceProperties: shape({
        ConsumableResourceList: list(shape({ ConsumableResource: text, Quantity: whole })),
      }),
      ContainerProperties: containerProperties,
      EcsProperties: document,
      EksProperties: document,
      JobDefinitionName: text,
      NodeProperties: document,
      Parameters: textMap,
      PlatformCapabilities: texts,
      PropagateTags: flag,
      ResourceRetentionPolicy: shape({}, { SkipDeregisterOnUpdate: flag }),
      RetryStrategy: shape(
        {},
        {
          Attempts: whole,
          EvaluateOnExit: list(shape({ Action: text }, { OnExitCode: text, OnReason: text, OnStatusReason: text })),
        },
      ),
      SchedulingPriority: whole,
      Tags: textMap,
      Timeout: shape({}, { AttemptDurationSeconds: whole }),
    },
  ),
  createOnly: ['JobDefinitionName'],
  attributes: ['JobDefinitionArn'],
  tags: { property: 'Tags', form: 'map' },
  revises: (properties) =>
    objectOf(properties, 'ResourceRetentionPolicy')?.['SkipDeregisterOnUpdate'] === true ? 'keep-old' : 'delete-old',

  async survey(request) {
    return (await revisions(request)).map(({ revision }) => revision);
  },

  async adopt(request, survey) {
    const known = new Set(Array.isArray(survey) ? survey : []);
    const made = (await revisions(request)).find(({ revision }) => !known.has(revision));
    return made && stateOf(made.arn);
  },

  async create(request) {
    const answer = await request.call('batch', 'RegisterJobDefinition', {
      ...lowerMembers(without(request.properties, ['ResourceRetentionPolicy'])),
      jobDefinitionName: nameOf(request),
    });
    return stateOf(answeredText(answer, 'jobDefinitionArn'));
  },

  async delete({ physicalId }, tools) {
    await tools.call('batch', 'DeregisterJobDefinition', { jobDefinition: physicalId });
  },
};

const nameOf = (request: ResourceRequest) =>
  textOf(request.properties, 'JobDefinitionName') ?? request.generatedName({ maxLength: 128 });

/** All revisions of the name, newest first. */
async function revisions(
  request: ResourceRequest,
): Promise<readonly { readonly arn: string; readonly revision: number }[]> {
  const found: { arn: string; revision: number }[] = [];
  let nextToken: unknown;
  do {
    const answer = await request.call('batch', 'DescribeJobDefinitions', {
      jobDefinitionName: nameOf(request),
      ...(nextToken === undefined ? {} : { nextToken }),
    });
    for (const definition of answeredObjects(answer, 'jobDefinitions'))
      found.push({ arn: answeredText(definition, 'jobDefinitionArn'), revision: Number(definition['revision']) });
    nextToken = answer['nextToken'];
  } while (nextToken !== undefined);
  return found;
}

const stateOf = (arn: string): ResourceState => ({ physicalId: arn, attributes: { JobDefinitionArn: arn } });
