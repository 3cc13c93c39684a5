import { pageOf } from '../../../wire/page.js';
import type { ChangeSetRecord, ResourceChange } from '../stack/model.js';
import { declaredParameters } from '../stack/prepare.js';
import { parameterList, tagList } from './stack-shape.js';

/** Number of changes on a page of DescribeChangeSet. */
const pageSize = 100;

/** A change set in the format of DescribeChangeSet. */
export function changeSetShape(changeSet: ChangeSetRecord, token: string | undefined) {
  const { request, deployment, changes } = changeSet;
  const declarations = declaredParameters(deployment ?? { templateBody: request.templateBody, processed: {} });
  const numbered = changes.map((change, index) => ({ change, key: String(index).padStart(6, '0') }));
  const page = pageOf(numbered, ({ key }) => key, { limit: pageSize, token, code: 'ValidationError' });
  return {
    ...changeSetSummary(changeSet),
    ChangeSetName: changeSet.name,
    ChangeSetId: changeSet.id,
    Parameters: parameterList(declarations, deployment?.parameters ?? request.parameters),
    Capabilities: request.capabilities,
    Tags: tagList(request.tags),
    NotificationARNs: request.notificationArns,
    OnStackFailure: changeSet.onStackFailure,
    Changes: page.items.map(({ change }) => ({ Type: 'Resource', ResourceChange: changeShape(change) })),
    NextToken: page.nextToken,
  };
}

export function changeSetSummary(changeSet: ChangeSetRecord) {
  return {
    StackId: changeSet.stackId,
    StackName: changeSet.stackName,
    ChangeSetId: changeSet.id,
    ChangeSetName: changeSet.name,
    ExecutionStatus: changeSet.executionStatus,
    Status: changeSet.status,
    StatusReason: changeSet.statusReason,
    CreationTime: new Date(changeSet.createdAt),
    Description: changeSet.description,
    IncludeNestedStacks: false,
    ImportExistingResources: changeSet.importExisting ?? false,
  };
}

function changeShape(change: ResourceChange) {
  return {
    Action: change.action,
    LogicalResourceId: change.logicalId,
    PhysicalResourceId: change.physicalId,
    ResourceType: change.type,
    Replacement: change.replacement,
    PolicyAction: change.policyAction,
    Scope: [...new Set(change.details.map(({ attribute }) => attribute))],
    Details: change.details.map((detail) => ({
      Target: {
        Attribute: detail.attribute,
        ...(detail.attribute === 'Properties' ? { Name: detail.name } : {}),
        RequiresRecreation: detail.requiresRecreation,
      },
      Evaluation: detail.evaluation,
      ChangeSource: detail.source,
      CausingEntity: detail.causingEntity,
    })),
  };
}
