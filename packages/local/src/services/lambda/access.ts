import {
  type AccessRule,
  all,
  anywhere,
  type CallInput,
  named,
  on,
  passRole,
  requestTags,
  type ServiceAccess,
} from '../../iam/access.js';
import type { EngineContext } from '../../kernel/service.js';
import { parseFunctionReference } from './function-reference.js';
import { type FunctionRegistry, key } from './registry.js';

/** The permissions of Lambda. */
export function lambdaAccess(
  { partition, region, accountId }: EngineContext,
  registry: FunctionRegistry,
): ServiceAccess {
  const reference = (name: unknown, qualifier?: unknown) => {
    try {
      return parseFunctionReference(String(name ?? ''), typeof qualifier === 'string' ? qualifier : undefined);
    } catch {
      return { name: String(name ?? ''), qualifier: undefined };
    }
  };
  /** With the version or alias that the call names. */
  const qualified = ({ FunctionName, Qualifier }: CallInput) => {
    const { name, qualifier } = reference(FunctionName, Qualifier);
    return registry.arn(name, qualifier);
  };
  const plain = ({ FunctionName }: CallInput) => registry.arn(reference(FunctionName).name);
  const mapping = ({ UUID }: CallInput) =>
    `arn:${partition}:lambda:${region}:${accountId}:event-source-mapping:${String(UUID ?? '')}`;
  const mapped = ({ FunctionName }: CallInput) =>
    FunctionName === undefined ? {} : { 'lambda:FunctionArn': registry.arn(reference(FunctionName).name) };
  const rule = (action: string): AccessRule => on(`lambda:${action}`, plain);
  const exact = (action: string): AccessRule => on(`lambda:${action}`, qualified);
  const tagged = (action: string): AccessRule =>
    on(`lambda:${action}`, named('Resource'), ({ Tags }) => requestTags(Tags));
  const ofMapping = (action: string): AccessRule => on(`lambda:${action}`, mapping, mapped);
  const role = passRole('Role', 'lambda.amazonaws.com');
  return {
    rules: {
      Invoke: exact('InvokeFunction'),
      CreateFunction: all(
        on('lambda:CreateFunction', plain, ({ Tags }) => requestTags(Tags)),
        role,
      ),
      GetFunction: exact('GetFunction'),
      GetFunctionConfiguration: exact('GetFunctionConfiguration'),
      UpdateFunctionConfiguration: all(rule('UpdateFunctionConfiguration'), role),
      UpdateFunctionCode: rule('UpdateFunctionCode'),
      DeleteFunction: exact('DeleteFunction'),
      ListFunctions: anywhere('lambda:ListFunctions'),
      TagResource: tagged('TagResource'),
      UntagResource: tagged('UntagResource'),
      ListTags: tagged('ListTags'),
      PutFunctionConcurrency: rule('PutFunctionConcurrency'),
      GetFunctionConcurrency: rule('GetFunctionConcurrency'),
      DeleteFunctionConcurrency: rule('DeleteFunctionConcurrency'),
      CreateEventSourceMapping: on('lambda:CreateEventSourceMapping', () => '*', mapped),
      UpdateEventSourceMapping: ofMapping('UpdateEventSourceMapping'),
      GetEventSourceMapping: ofMapping('GetEventSourceMapping'),
      DeleteEventSourceMapping: ofMapping('DeleteEventSourceMapping'),
      ListEventSourceMappings: anywhere('lambda:ListEventSourceMappings'),
      PublishVersion: rule('PublishVersion'),
      ListVersionsByFunction: rule('ListVersionsByFunction'),
      CreateAlias: rule('CreateAlias'),
      UpdateAlias: rule('UpdateAlias'),
      GetAlias: rule('GetAlias'),
      DeleteAlias: rule('DeleteAlias'),
      ListAliases: rule('ListAliases'),
      PutFunctionEventInvokeConfig: exact('PutFunctionEventInvokeConfig'),
      UpdateFunctionEventInvokeConfig: exact('UpdateFunctionEventInvokeConfig'),
      GetFunctionEventInvokeConfig: exact('GetFunctionEventInvokeConfig'),
      DeleteFunctionEventInvokeConfig: exact('DeleteFunctionEventInvokeConfig'),
      ListFunctionEventInvokeConfigs: rule('ListFunctionEventInvokeConfigs'),
      AddPermission: exact('AddPermission'),
      RemovePermission: exact('RemovePermission'),
      GetPolicy: exact('GetPolicy'),
    },
    tagsOf: (arn) => registry.functions.get(reference(arn).name)?.tags,
    policyOf: (arn) => {
      const { name, qualifier } = reference(arn);
      const policy = registry.policies.get(qualifier === undefined ? name : key(name, qualifier));
      return policy && { Version: '2012-10-17', Statement: policy.statements };
    },
    isMissing: (arn) => registry.functions.get(reference(arn).name) === undefined,
    denial: { code: 'AccessDeniedException', status: 403 },
  };
}
