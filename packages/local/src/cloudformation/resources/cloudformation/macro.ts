import { requiredText } from '../members.js';
import { recordedType } from '../recorded.js';
import type { ResourceType } from '../resource-type.js';
import { shape, text } from '../schema.js';

/** AWS::CloudFormation::Macro; `Ref` is its name. Templates find it and its function among the resources of the stacks. */
export const cloudFormationMacro: ResourceType = recordedType(
  {
    name: 'AWS::CloudFormation::Macro',
    properties: shape({ FunctionName: text, Name: text }, { Description: text, LogGroupName: text, LogRoleARN: text }),
    createOnly: ['Name'],
    attributes: [],
  },
  ({ properties }) => ({ physicalId: requiredText(properties, 'Name'), attributes: {} }),
);
