import { randomUUID } from 'node:crypto';
import { type Static, Type } from 'typebox';
import type { Operation } from '../../../operation.js';
import { AwsError } from '../../../wire/aws-error.js';
import { parseFunctionReference } from '../function-reference.js';
import type { PolicyRecord, PolicyStatement } from '../model.js';
import { functionName, oneFunction, operation, route, text } from '../operation.js';
import { type FunctionRegistry, key } from '../registry.js';
import { checkRevision } from '../revision.js';

const policy = `${oneFunction}/policy`;
const target = { FunctionName: functionName, Qualifier: text };
const change = { ...target, RevisionId: text };
const statementId = Type.String({ minLength: 1, maxLength: 100, pattern: '^[a-zA-Z0-9-_]+$' });
const addInput = Type.Object({
  ...change,
  StatementId: statementId,
  Action: Type.String({ pattern: '^(lambda:[*]|lambda:[a-zA-Z]+|[*])$' }),
  Principal: Type.String({ pattern: '^[^\\s]+$' }),
  SourceArn: text,
  SourceAccount: Type.Optional(Type.String({ pattern: '^\\d{12}$' })),
  PrincipalOrgID: text,
});
const removeInput = Type.Object({ ...change, StatementId: statementId });
const getInput = Type.Object(target);

/** The policies of functions, their versions and aliases. */
export function permissionOperations(registry: FunctionRegistry): Operation[] {
  const locate = (input: { readonly FunctionName: string; readonly Qualifier?: string }) => {
    const reference = parseFunctionReference(input.FunctionName, input.Qualifier);
    registry.resolve(reference, 1);
    const { name, qualifier } = reference;
    return { id: qualifier === undefined ? name : key(name, qualifier), arn: registry.arn(name, qualifier) };
  };

  return [
    operation('AddPermission', route('POST', policy, 201), addInput, (input) => {
      const { id, arn } = locate(input);
      const policy = registry.policies.get(id);
      guard(policy, input.RevisionId);
      if (policy?.statements.some(({ Sid }) => Sid === input.StatementId))
        throw new AwsError(
          'ResourceConflictException',
          `The statement id (${input.StatementId}) provided already exists. Please provide a new statement id, or remove the existing statement.`,
          { status: 409, members: { Type: 'User' } },
        );
      const statement = statementOf(input, arn);
      registry.policies.set(id, { statements: [...(policy?.statements ?? []), statement], revisionId: randomUUID() });
      return { Statement: JSON.stringify(statement) };
    }),

    operation('RemovePermission', route('DELETE', `${policy}/{StatementId}`, 204), removeInput, (input) => {
      const { id } = locate(input);
      const policy = registry.policies.get(id);
      guard(policy, input.RevisionId);
      const rest = policy?.statements.filter(({ Sid }) => Sid !== input.StatementId) ?? [];
      if (policy === undefined || rest.length === policy.statements.length)
        throw notFound(`Statement ${input.StatementId} is not found in resource policy.`);
      if (rest.length === 0) registry.policies.delete(id);
      else registry.policies.set(id, { statements: rest, revisionId: randomUUID() });
      return {};
    }),

    operation('GetPolicy', route('GET', policy), getInput, (input) => {
      const { id } = locate(input);
      const policy = registry.policies.get(id);
      if (policy === undefined) throw notFound('The resource you requested does not exist.');
      return {
        Policy: JSON.stringify({ Version: '2012-10-17', Id: 'default', Statement: policy.statements }),
        RevisionId: policy.revisionId,
      };
    }),
  ];
}

function statementOf(input: Static<typeof addInput>, arn: string): PolicyStatement {
  const conditions = {
    ...(input.SourceAccount === undefined ? {} : { StringEquals: { 'AWS:SourceAccount': input.SourceAccount } }),
    ...(input.SourceArn === undefined ? {} : { ArnLike: { 'AWS:SourceArn': input.SourceArn } }),
    ...(input.PrincipalOrgID === undefined ? {} : { StringLike: { 'aws:PrincipalOrgID': input.PrincipalOrgID } }),
  };
  return {
    Sid: input.StatementId,
    Effect: 'Allow',
    Principal: principalOf(input.Principal),
    Action: input.Action,
    Resource: arn,
    ...(Object.keys(conditions).length > 0 ? { Condition: conditions } : {}),
  };
}

function principalOf(principal: string): unknown {
  if (principal === '*') return '*';
  if (/^\d{12}$/.test(principal)) return { AWS: `arn:aws:iam::${principal}:root` };
  return principal.startsWith('arn:') ? { AWS: principal } : { Service: principal };
}

function guard(policy: PolicyRecord | undefined, revisionId: string | undefined): void {
  if (policy !== undefined) checkRevision('policy', policy.revisionId, revisionId);
}

function notFound(message: string): AwsError {
  return new AwsError('ResourceNotFoundException', message, { status: 404, members: { Type: 'User' } });
}
