import { ifThere } from '../answers.js';
import { pick } from '../members.js';
import type { ResourceRequest, ResourceState, ResourceType } from '../resource-type.js';
import { flag, shape, text } from '../schema.js';

const statementMembers = [
  'Action',
  'EventSourceToken',
  'FunctionName',
  'FunctionUrlAuthType',
  'InvokedViaFunctionUrl',
  'Principal',
  'PrincipalOrgID',
  'SourceAccount',
  'SourceArn',
];

/** AWS::Lambda::Permission: a statement in a function's policy; every change creates a new one. */
export const lambdaPermission: ResourceType = {
  name: 'AWS::Lambda::Permission',
  properties: shape(
    { Action: text, FunctionName: text, Principal: text },
    {
      EventSourceToken: text,
      FunctionUrlAuthType: text,
      InvokedViaFunctionUrl: flag,
      PrincipalOrgID: text,
      SourceAccount: text,
      SourceArn: text,
    },
  ),
  createOnly: statementMembers,
  attributes: ['Id'],

  async find(request) {
    const answer = await ifThere(
      request.call('lambda', 'GetPolicy', pick(request.properties, ['FunctionName'])),
      'ResourceNotFoundException',
    );
    const sid = JSON.stringify(statementId(request));
    return String(answer?.['Policy']).includes(`"Sid":${sid}`) ? stateOf(request) : undefined;
  },

  async create(request) {
    await request.call('lambda', 'AddPermission', {
      ...pick(request.properties, statementMembers),
      StatementId: statementId(request),
    });
    return stateOf(request);
  },

  async delete({ physicalId, properties }, tools) {
    await ifThere(
      tools.call('lambda', 'RemovePermission', { ...pick(properties, ['FunctionName']), StatementId: physicalId }),
      'ResourceNotFoundException',
    );
  },
};

const statementId = (request: ResourceRequest) => request.generatedName({ maxLength: 100 });

function stateOf(request: ResourceRequest): ResourceState {
  return { physicalId: statementId(request), attributes: { Id: statementId(request) } };
}
