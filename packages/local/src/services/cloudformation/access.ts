import {
  type AccessRule,
  all,
  anywhere,
  type CallInput,
  on,
  passRole,
  requestTags,
  type ServiceAccess,
} from '../../iam/access.js';
import type { EngineContext } from '../../kernel/service.js';
import type { StackStore } from './stack/store.js';

/** The permissions of CloudFormation; the resources of a stack need those of their own services, too. */
export function cloudFormationAccess(
  { partition, region, accountId }: EngineContext,
  store: StackStore,
): ServiceAccess {
  const stackArn = (name: string) =>
    name.startsWith('arn:')
      ? name
      : (store.find(name)?.id ?? `arn:${partition}:cloudformation:${region}:${accountId}:stack/${name}/*`);
  const stack = ({ StackName, ChangeSetName, PhysicalResourceId }: CallInput) => {
    if (typeof StackName === 'string' && StackName !== '') return stackArn(StackName);
    const changeSet = typeof ChangeSetName === 'string' ? store.changeSets.get(ChangeSetName) : undefined;
    return changeSet === undefined || PhysicalResourceId !== undefined ? '*' : changeSet.stackId;
  };
  const rule = (action: string): AccessRule => on(`cloudformation:${action}`, stack, ({ Tags }) => requestTags(Tags));
  const role = passRole('RoleARN', 'cloudformation.amazonaws.com');
  return {
    rules: {
      GetTemplate: rule('GetTemplate'),
      GetTemplateSummary: rule('GetTemplateSummary'),
      ValidateTemplate: anywhere('cloudformation:ValidateTemplate'),
      CreateStack: all(rule('CreateStack'), role),
      UpdateStack: all(rule('UpdateStack'), role),
      DeleteStack: all(rule('DeleteStack'), role),
      UpdateTerminationProtection: rule('UpdateTerminationProtection'),
      ContinueUpdateRollback: all(rule('ContinueUpdateRollback'), role),
      DescribeStacks: rule('DescribeStacks'),
      ListStacks: anywhere('cloudformation:ListStacks'),
      DescribeStackEvents: rule('DescribeStackEvents'),
      DescribeStackResources: rule('DescribeStackResources'),
      DescribeStackResource: rule('DescribeStackResource'),
      ListStackResources: rule('ListStackResources'),
      ListExports: anywhere('cloudformation:ListExports'),
      ListImports: anywhere('cloudformation:ListImports'),
      CreateChangeSet: all(rule('CreateChangeSet'), role),
      DescribeChangeSet: rule('DescribeChangeSet'),
      ExecuteChangeSet: rule('ExecuteChangeSet'),
      DeleteChangeSet: rule('DeleteChangeSet'),
      ListChangeSets: rule('ListChangeSets'),
    },
    tagsOf: (arn) => store.find(arn)?.deployment?.tags,
    denial: { code: 'AccessDenied', status: 403 },
  };
}
