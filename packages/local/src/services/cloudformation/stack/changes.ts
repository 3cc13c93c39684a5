import { validationError } from '../errors.js';
import { sameJson } from '../json.js';
import { inOrder } from '../template/dependencies.js';
import { Unknown } from '../template/evaluate.js';
import { describeChanges } from './compare.js';
import type { ChangeDetail, Deployment, ResourceChange, StackRecord } from './model.js';
import { type OpenedTemplate, openTemplate } from './opened-template.js';
import type { ResourceView } from './scope.js';
import { changingView, existingView, unknownView } from './views.js';
import type { World } from './world.js';

/** The changes that a deployment would make to a stack. */
export interface Plan {
  readonly changes: readonly ResourceChange[];
  /** False when the stack already matches the deployment. */
  readonly isWorthwhile: boolean;
}

/**
 * Computes the changes that a deployment would make to a stack, without making them.
 *
 * @throws AwsError `ValidationError` for every problem that CloudFormation detects before it starts
 */
export function planDeployment(world: World, stack: StackRecord, deployment: Deployment): Plan {
  const opened = openTemplate(world, stack, deployment);
  const views = new Map<string, ResourceView>();
  const view = (logicalId: string) => views.get(logicalId);
  const changes: ResourceChange[] = [];
  for (const logicalId of inOrder(opened.dependencies)) {
    const planned = planResource(world, stack, opened, logicalId, view);
    views.set(logicalId, planned.view);
    if (planned.change !== undefined) changes.push(planned.change);
  }
  const outputs = plannedOutputs(opened, view);
  for (const { logicalId, type, physicalId, deletionPolicy } of world.store.resourcesOf(stack.id))
    if (!Object.hasOwn(opened.resources, logicalId))
      changes.push({
        action: 'Remove',
        logicalId,
        type,
        ...(physicalId === undefined ? {} : { physicalId }),
        details: [],
        policyAction: deletionPolicy === 'Delete' ? 'Delete' : 'Retain',
      });
  const before = stack.deployment;
  const isWorthwhile =
    before === undefined ||
    changes.length > 0 ||
    !sameJson(before.tags, deployment.tags) ||
    !sameJson(
      outputs,
      stack.outputs.map(({ key, value, exportName = null }) => [key, value, exportName]),
    );
  return { changes, isWorthwhile };
}

function planResource(
  world: World,
  stack: StackRecord,
  opened: OpenedTemplate,
  logicalId: string,
  view: (logicalId: string) => ResourceView | undefined,
): { readonly view: ResourceView; readonly change?: ResourceChange } {
  const definition = opened.resources[logicalId];
  const type = definition === undefined ? undefined : world.resourceType(definition.type);
  if (definition === undefined || type === undefined) throw new Error(`The template has no resource ${logicalId}.`);
  const properties = opened.properties(logicalId, view);
  const before = world.store.resource(stack.id, logicalId);
  if (before?.physicalId === undefined)
    return {
      view: unknownView(type, logicalId),
      change: { action: 'Add', logicalId, type: type.name, details: [] },
    };
  if (before.type !== type.name)
    throw validationError(
      `Update of resource type is not permitted. The new template modifies resource type of the following resources: [${logicalId}]`,
    );
  const details = describeChanges(type, before.properties, properties, definition, (name) =>
    Object.hasOwn(opened.template.parameters, name),
  );
  if (!sameJson(before.metadata ?? null, definition.metadata ?? null)) details.push(metadataChange);
  if (details.length === 0) return { view: existingView(type, before) };
  const replacement = details.some(({ requiresRecreation }) => requiresRecreation === 'Always')
    ? 'True'
    : details.some(({ requiresRecreation }) => requiresRecreation === 'Conditionally')
      ? 'Conditional'
      : 'False';
  const isNew = replacement !== 'False' || type.revises !== undefined;
  const onlyMetadata = details.every((detail) => detail === metadataChange);
  return {
    view: onlyMetadata ? existingView(type, before) : isNew ? unknownView(type, logicalId) : changingView(type, before),
    change: {
      action: 'Modify',
      logicalId,
      type: type.name,
      physicalId: before.physicalId,
      replacement,
      details,
      ...(replacement === 'False'
        ? {}
        : { policyAction: definition.updateReplacePolicy === 'Retain' ? 'ReplaceAndRetain' : 'ReplaceAndDelete' }),
    },
  };
}

const metadataChange: ChangeDetail = {
  attribute: 'Metadata',
  name: '',
  requiresRecreation: 'Never',
  evaluation: 'Static',
  source: 'DirectModification',
};

function plannedOutputs(opened: OpenedTemplate, view: (logicalId: string) => ResourceView | undefined) {
  return Object.entries(opened.template.outputs)
    .filter(([, { condition }]) => condition === undefined || opened.holds(condition))
    .map(([key, { value, exportName }]) => {
      const shown = opened.value(value, `output ${key}`, view);
      const exported = exportName === undefined ? null : opened.value(exportName, `output ${key}`, view);
      return [key, ...[shown, exported].map((part) => (part instanceof Unknown ? Unknown.text : (part ?? null)))].map(
        (part) => (part === null ? null : String(part)),
      );
    });
}
