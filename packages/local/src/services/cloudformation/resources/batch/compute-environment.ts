import type { JsonObject } from '../../json.js';
import { answeredObjects, answeredText } from '../answers.js';
import { lowerMembers } from '../member-case.js';
import { pick, textOf, without } from '../members.js';
import type { ResourceRequest, ResourceState, ResourceTools, ResourceType } from '../resource-type.js';
import { flag, list, shape, text, textMap, texts, whole } from '../schema.js';

const launchTemplate = {
  LaunchTemplateId: text,
  LaunchTemplateName: text,
  UserdataType: text,
  Version: text,
};

const computeResources = shape(
  { MaxvCpus: whole, Subnets: texts, Type: text },
  {
    AllocationStrategy: text,
    BidPercentage: whole,
    DesiredvCpus: whole,
    Ec2Configuration: list(
      shape({ ImageType: text }, { BatchImageStatus: text, ImageIdOverride: text, ImageKubernetesVersion: text }),
    ),
    Ec2KeyPair: text,
    ImageId: text,
    InstanceRole: text,
    InstanceTypes: texts,
    LaunchTemplate: shape(
      {},
      { ...launchTemplate, Overrides: list(shape({}, { ...launchTemplate, TargetInstanceTypes: texts })) },
    ),
    MinvCpus: whole,
    PlacementGroup: text,
    ScalingPolicy: shape({}, { MinScaleDownDelayMinutes: whole }),
    SecurityGroupIds: texts,
    SpotIamFleetRole: text,
    Tags: textMap,
    UpdateToLatestImageVersion: flag,
  },
);

/**
 * AWS::Batch::ComputeEnvironment; `Ref` is its ARN. It is updated in place regardless of `ReplaceComputeEnvironment`,
 * because the engine has no hosts to replace.
 */
export const batchComputeEnvironment: ResourceType = {
  name: 'AWS::Batch::ComputeEnvironment',
  properties: shape(
    { Type: text },
    {
      ComputeEnvironmentName: text,
      ComputeResources: computeResources,
      Context: text,
      EksConfiguration: shape({ EksClusterArn: text, KubernetesNamespace: text }),
      ReplaceComputeEnvironment: flag,
      ServiceRole: text,
      State: text,
      Tags: textMap,
      UnmanagedvCpus: whole,
      UpdatePolicy: shape({}, { JobExecutionTimeoutMinutes: whole, TerminateJobsOnUpdate: flag }),
    },
  ),
  createOnly: ['ComputeEnvironmentName', 'EksConfiguration', 'Tags', 'Type'],
  attributes: ['ComputeEnvironmentArn'],
  tags: { property: 'Tags', form: 'map' },

  async find(request) {
    const arn = await find(request, nameOf(request));
    return arn === undefined ? undefined : stateOf(arn);
  },

  async create(request) {
    const answer = await request.call('batch', 'CreateComputeEnvironment', {
      ...inputOf(without(request.properties, ['ReplaceComputeEnvironment', 'UpdatePolicy'])),
      computeEnvironmentName: nameOf(request),
    });
    return stateOf(answeredText(answer, 'computeEnvironmentArn'));
  },

  async update(request, { physicalId }) {
    await request.call('batch', 'UpdateComputeEnvironment', {
      state: 'ENABLED',
      ...inputOf(
        pick(request.properties, [
          'ComputeResources',
          'Context',
          'ServiceRole',
          'State',
          'UnmanagedvCpus',
          'UpdatePolicy',
        ]),
      ),
      computeEnvironment: physicalId,
    });
    return stateOf(physicalId);
  },

  async delete({ physicalId }, tools) {
    if ((await find(tools, physicalId)) === undefined) return;
    await tools.call('batch', 'UpdateComputeEnvironment', { computeEnvironment: physicalId, state: 'DISABLED' });
    await tools.call('batch', 'DeleteComputeEnvironment', { computeEnvironment: physicalId });
  },
};

const nameOf = (request: ResourceRequest) =>
  textOf(request.properties, 'ComputeEnvironmentName') ?? request.generatedName({ maxLength: 128 });

/** CloudFormation accepts the type in any letter case, as it did before the API defined its own. */
const inputOf = (properties: JsonObject): JsonObject =>
  lowerMembers({
    ...properties,
    ...(properties['Type'] === undefined ? {} : { Type: String(properties['Type']).toUpperCase() }),
  });

async function find(tools: ResourceTools, nameOrArn: string): Promise<string | undefined> {
  const answer = await tools.call('batch', 'DescribeComputeEnvironments', { computeEnvironments: [nameOrArn] });
  const environment = answeredObjects(answer, 'computeEnvironments')[0];
  return environment && answeredText(environment, 'computeEnvironmentArn');
}

const stateOf = (arn: string): ResourceState => ({ physicalId: arn, attributes: { ComputeEnvironmentArn: arn } });
