import type { JsonObject } from '../../json.js';
import { ifThere } from '../answers.js';
import { documentText, requiredText } from '../members.js';
import type { ResourceState, ResourceType } from '../resource-type.js';
import { documentOrText, shape, text } from '../schema.js';

/** AWS::S3::BucketPolicy; `Ref` is the bucket's name. */
export const s3BucketPolicy: ResourceType = {
  name: 'AWS::S3::BucketPolicy',
  properties: shape({ Bucket: text, PolicyDocument: documentOrText }),
  createOnly: ['Bucket'],
  attributes: [],

  async find(request) {
    const { properties } = request;
    const found = await ifThere(
      request.call('s3', 'GetBucketPolicy', { Bucket: requiredText(properties, 'Bucket') }),
      'NoSuchBucketPolicy',
    );
    return found && stateOf(properties);
  },

  async create(request) {
    await request.call('s3', 'PutBucketPolicy', inputOf(request.properties));
    return stateOf(request.properties);
  },

  async update(request) {
    await request.call('s3', 'PutBucketPolicy', inputOf(request.properties));
    return stateOf(request.properties);
  },

  async delete({ physicalId }, tools) {
    await ifThere(tools.call('s3', 'DeleteBucketPolicy', { Bucket: physicalId }), 'NoSuchBucket');
  },
};

const inputOf = (properties: JsonObject) => ({
  Bucket: requiredText(properties, 'Bucket'),
  Policy: documentText(properties['PolicyDocument'] ?? {}),
});

const stateOf = (properties: JsonObject): ResourceState => ({
  physicalId: requiredText(properties, 'Bucket'),
  attributes: {},
});
