import { present } from '../../../../kernel/present.js';
import { answeredText, ifThere } from '../answers.js';
import { pick, requiredText } from '../members.js';
import type { ResourceType } from '../resource-type.js';
import { shape, text } from '../schema.js';

/**
 * AWS::StepFunctions::StateMachineVersion; `Ref` is its ARN. Publishing is idempotent until the state machine changes,
 * so a creation that was interrupted by a crash is simply retried.
 */
export const stateMachineVersion: ResourceType = {
  name: 'AWS::StepFunctions::StateMachineVersion',
  properties: shape({ StateMachineArn: text }, { Description: text, StateMachineRevisionId: text }),
  createOnly: ['Description', 'StateMachineArn', 'StateMachineRevisionId'],
  attributes: ['Arn'],

  async create({ properties, call }) {
    const { Description, StateMachineRevisionId } = pick(properties, ['Description', 'StateMachineRevisionId']);
    const answer = await call('states', 'PublishStateMachineVersion', {
      stateMachineArn: requiredText(properties, 'StateMachineArn'),
      ...present({ description: Description, revisionId: StateMachineRevisionId }),
    });
    const Arn = answeredText(answer, 'stateMachineVersionArn');
    return { physicalId: Arn, attributes: { Arn } };
  },

  async delete({ physicalId }, tools) {
    await ifThere(
      tools.call('states', 'DeleteStateMachineVersion', { stateMachineVersionArn: physicalId }),
      'StateMachineDoesNotExist',
    );
  },
};
