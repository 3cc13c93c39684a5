import { answeredObjects, ifThere } from '../answers.js';
import { requiredText } from '../members.js';
import { recordedType } from '../recorded.js';
import type { ResourceState, ResourceType } from '../resource-type.js';
import { shape, text } from '../schema.js';

const typeName = 'AWS::CloudFormation::Macro';

/**
 * AWS::CloudFormation::Macro; `Ref` is its name. Templates look up a macro and its function in the resources of all
 * stacks.
 */
export const cloudFormationMacro: ResourceType = recordedType(
  {
    name: typeName,
    properties: shape({ FunctionName: text, Name: text }, { Description: text, LogGroupName: text, LogRoleARN: text }),
    createOnly: ['Name'],
    attributes: [],

    /** A macro's name is unique in an account, and macros are stored only in stacks. */
    async find(request) {
      const name = requiredText(request.properties, 'Name');
      const answer = await ifThere(
        request.call('cloudformation', 'DescribeStackResources', { PhysicalResourceId: name }),
        'ValidationError',
      );
      const there = answeredObjects(answer ?? {}, 'StackResources').some(
        ({ ResourceType, PhysicalResourceId }) => ResourceType === typeName && PhysicalResourceId === name,
      );
      return there ? stateOf(name) : undefined;
    },
  },
  ({ properties }) => stateOf(requiredText(properties, 'Name')),
);

const stateOf = (name: string): ResourceState => ({ physicalId: name, attributes: {} });
