import { sameJson } from '../../json.js';
import { ifThere } from '../answers.js';
import { textOf } from '../members.js';
import type { ResourceRequest, ResourceState, ResourceTools, ResourceType } from '../resource-type.js';
import { bucketProperties } from './bucket-properties.js';
import { bucketSettings } from './bucket-settings.js';

/** AWS::S3::Bucket; `Ref` is its name. A bucket that contains objects cannot be deleted. */
export const s3Bucket: ResourceType = {
  name: 'AWS::S3::Bucket',
  properties: bucketProperties,
  createOnly: ['BucketName'],
  attributes: ['Arn', 'DomainName', 'DualStackDomainName', 'RegionalDomainName', 'WebsiteURL'],
  tags: { property: 'Tags', form: 'list' },

  async find(request) {
    const found = await ifThere(request.call('s3', 'HeadBucket', { Bucket: nameOf(request) }), 'NoSuchBucket');
    return found && stateOf(request, nameOf(request));
  },

  async create(request) {
    const { properties, region } = request;
    const Bucket = nameOf(request);
    await request.call('s3', 'CreateBucket', {
      Bucket,
      ...(region === 'us-east-1' ? {} : { CreateBucketConfiguration: { LocationConstraint: region } }),
    });
    for (const { property, put } of bucketSettings) {
      const wanted = properties[property];
      if (wanted !== undefined) await send(request, Bucket, put(wanted));
    }
    return stateOf(request, Bucket);
  },

  async update(request, { physicalId, properties: before }) {
    for (const { property, put, remove } of bucketSettings) {
      const wanted = request.properties[property];
      if (sameJson(wanted, before[property])) continue;
      await send(request, physicalId, wanted === undefined ? remove : put(wanted));
    }
    return stateOf(request, physicalId);
  },

  async delete({ physicalId }, tools) {
    await ifThere(tools.call('s3', 'DeleteBucket', { Bucket: physicalId }), 'NoSuchBucket');
  },
};

const nameOf = (request: ResourceRequest) =>
  textOf(request.properties, 'BucketName') ?? request.generatedName({ maxLength: 63, lowerCase: true });

const send = (tools: ResourceTools, Bucket: string, [operation, input]: readonly [string, object]) =>
  tools.call('s3', operation, { Bucket, ...input });

function stateOf({ partition, region }: ResourceTools, name: string): ResourceState {
  return {
    physicalId: name,
    attributes: {
      Arn: `arn:${partition}:s3:::${name}`,
      DomainName: `${name}.s3.amazonaws.com`,
      DualStackDomainName: `${name}.s3.dualstack.${region}.amazonaws.com`,
      RegionalDomainName: `${name}.s3.${region}.amazonaws.com`,
      WebsiteURL: `http://${name}.s3-website-${region}.amazonaws.com`,
    },
  };
}
