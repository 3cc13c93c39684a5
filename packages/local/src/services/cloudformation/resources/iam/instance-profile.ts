import { textOf } from '../members.js';
import { recordedType } from '../recorded.js';
import type { ResourceType } from '../resource-type.js';
import { shape, text, texts } from '../schema.js';
import { iamArn } from './arns.js';

/** AWS::IAM::InstanceProfile; `Ref` is its name. */
export const iamInstanceProfile: ResourceType = recordedType(
  {
    name: 'AWS::IAM::InstanceProfile',
    properties: shape({ Roles: texts }, { InstanceProfileName: text, Path: text }),
    createOnly: ['InstanceProfileName', 'Path'],
    attributes: ['Arn'],
  },
  (request) => {
    const name = textOf(request.properties, 'InstanceProfileName') ?? request.generatedName({ maxLength: 128 });
    return { physicalId: name, attributes: { Arn: iamArn(request, 'instance-profile', name) } };
  },
);
