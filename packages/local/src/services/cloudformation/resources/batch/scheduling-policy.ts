import { answeredObjects, answeredText } from '../answers.js';
import { lowerMembers } from '../member-case.js';
import { textOf } from '../members.js';
import type { ResourceRequest, ResourceState, ResourceType } from '../resource-type.js';
import { decimal, list, shape, text, textMap, whole } from '../schema.js';

/** AWS::Batch::SchedulingPolicy; `Ref` is its ARN. */
export const batchSchedulingPolicy: ResourceType = {
  name: 'AWS::Batch::SchedulingPolicy',
  properties: shape(
    {},
    {
      FairsharePolicy: shape(
        {},
        {
          ComputeReservation: whole,
          ShareDecaySeconds: whole,
          ShareDistribution: list(shape({}, { ShareIdentifier: text, WeightFactor: decimal })),
        },
      ),
      Name: text,
      QuotaSharePolicy: shape({}, { IdleResourceAssignmentStrategy: text }),
      Tags: textMap,
    },
  ),
  createOnly: ['Name', 'Tags'],
  attributes: ['Arn'],
  tags: { property: 'Tags', form: 'map' },

  async find(request) {
    const { partition, region, accountId } = request;
    const arn = `arn:${partition}:batch:${region}:${accountId}:scheduling-policy/${nameOf(request)}`;
    const answer = await request.call('batch', 'DescribeSchedulingPolicies', { arns: [arn] });
    return answeredObjects(answer, 'schedulingPolicies').length === 0 ? undefined : stateOf(arn);
  },

  async create(request) {
    const answer = await request.call('batch', 'CreateSchedulingPolicy', {
      ...lowerMembers(request.properties),
      name: nameOf(request),
    });
    return stateOf(answeredText(answer, 'arn'));
  },

  async update(request, { physicalId }) {
    const { fairsharePolicy = {} } = lowerMembers(request.properties);
    await request.call('batch', 'UpdateSchedulingPolicy', { arn: physicalId, fairsharePolicy });
    return stateOf(physicalId);
  },

  async delete({ physicalId }, tools) {
    await tools.call('batch', 'DeleteSchedulingPolicy', { arn: physicalId });
  },
};

const nameOf = (request: ResourceRequest) =>
  textOf(request.properties, 'Name') ?? request.generatedName({ maxLength: 128 });

const stateOf = (arn: string): ResourceState => ({ physicalId: arn, attributes: { Arn: arn } });
