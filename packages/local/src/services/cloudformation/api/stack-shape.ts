import type { ResourceRecord, StackEvent, StackRecord } from '../stack/model.js';
import { declaredParameters } from '../stack/prepare.js';
import type { ParameterDeclaration } from '../template/parameters.js';

/** A stack in the format of DescribeStacks. */
export function stackShape(stack: StackRecord) {
  const { deployment } = stack;
  return {
    StackId: stack.id,
    StackName: stack.name,
    ChangeSetId: stack.changeSetId,
    Description: stack.description,
    Parameters:
      deployment === undefined ? undefined : parameterList(declaredParameters(deployment), deployment.parameters),
    CreationTime: new Date(stack.createdAt),
    LastUpdatedTime: dateOf(stack.updatedAt),
    DeletionTime: dateOf(stack.deletedAt),
    RollbackConfiguration: {},
    StackStatus: stack.status,
    StackStatusReason: stack.statusReason,
    DisableRollback: stack.disableRollback,
    NotificationARNs: stack.notificationArns,
    Capabilities: deployment?.capabilities,
    Outputs: stack.outputs.map(({ key, value, description, exportName }) => ({
      OutputKey: key,
      OutputValue: value,
      Description: description,
      ExportName: exportName,
    })),
    RoleARN: stack.roleArn,
    Tags: tagList(deployment?.tags ?? {}),
    EnableTerminationProtection: stack.terminationProtection,
    DriftInformation: { StackDriftStatus: 'NOT_CHECKED' },
  };
}

export function stackSummary(stack: StackRecord) {
  return {
    StackId: stack.id,
    StackName: stack.name,
    TemplateDescription: stack.description,
    CreationTime: new Date(stack.createdAt),
    LastUpdatedTime: dateOf(stack.updatedAt),
    DeletionTime: dateOf(stack.deletedAt),
    StackStatus: stack.status,
    StackStatusReason: stack.statusReason,
    DriftInformation: { StackDriftStatus: 'NOT_CHECKED' },
  };
}

export function eventShape(stack: StackRecord, event: StackEvent) {
  return {
    StackId: stack.id,
    EventId: event.id,
    StackName: stack.name,
    LogicalResourceId: event.logicalId,
    PhysicalResourceId: event.physicalId,
    ResourceType: event.type,
    Timestamp: new Date(event.timestamp),
    ResourceStatus: event.status,
    ResourceStatusReason: event.reason,
    ResourceProperties: event.properties,
    ClientRequestToken: event.clientRequestToken,
  };
}

/** A resource in the format of DescribeStackResources. */
export function resourceShape(stack: StackRecord, resource: ResourceRecord) {
  return {
    StackName: stack.name,
    StackId: stack.id,
    LogicalResourceId: resource.logicalId,
    PhysicalResourceId: resource.physicalId,
    ResourceType: resource.type,
    Timestamp: new Date(resource.updatedAt),
    ResourceStatus: resource.status,
    ResourceStatusReason: resource.statusReason,
    DriftInformation: { StackResourceDriftStatus: 'NOT_CHECKED' },
  };
}

/** A resource in the format of DescribeStackResource. */
export function resourceDetail(stack: StackRecord, resource: ResourceRecord) {
  const { Timestamp, ...members } = resourceShape(stack, resource);
  return {
    ...members,
    LastUpdatedTimestamp: Timestamp,
    Metadata: resource.metadata === undefined ? '{}' : JSON.stringify(resource.metadata),
  };
}

/** A resource in the format of ListStackResources. */
export function resourceSummary(stack: StackRecord, resource: ResourceRecord) {
  const { StackName: _name, StackId: _id, Timestamp, ...members } = resourceShape(stack, resource);
  return { ...members, LastUpdatedTimestamp: Timestamp };
}

/** The values of parameters; values with `NoEcho` stay masked. */
export function parameterList(
  declarations: Readonly<Record<string, ParameterDeclaration>>,
  values: Readonly<Record<string, string>>,
) {
  return Object.entries(values).map(([ParameterKey, value]) => ({
    ParameterKey,
    ParameterValue: declarations[ParameterKey]?.noEcho === true ? '****' : value,
  }));
}

export function tagList(tags: Readonly<Record<string, string>>) {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

const dateOf = (time: string | undefined) => (time === undefined ? undefined : new Date(time));
