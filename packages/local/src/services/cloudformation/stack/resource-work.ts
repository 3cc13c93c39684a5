import { present } from '../../../kernel/present.js';
import { validationError } from '../errors.js';
import type { Json, JsonObject } from '../json.js';
import type { ExistingResource, ResourceRequest, ResourceState, ResourceType } from '../resources/resource-type.js';
import type { ResourceDefinition } from '../template/template.js';
import { changedProperties, needsReplacement } from './compare.js';
import type { OperationRecord, ResourceRecord, StepRecord } from './model.js';
import type { Progress } from './progress.js';

/** A resource as the template describes it. */
export interface WantedResource {
  readonly logicalId: string;
  readonly type: ResourceType;
  readonly definition: ResourceDefinition;
  readonly properties: JsonObject;
  readonly dependsOn: readonly string[];
  /** See {@link ResourceRecord.token}. */
  readonly token: string;
  readonly request: ResourceRequest;
}

/** The action on a resource. */
export type Task =
  | { readonly kind: 'create' }
  | {
      readonly kind: 'replace';
      readonly before: ResourceRecord;
      readonly keepOld: boolean;
      /** CloudFormation calls it an update in place: the resource keeps its name. */
      readonly revises: boolean;
    }
  | { readonly kind: 'update'; readonly before: ResourceRecord }
  /** Its properties do not change, but its other template attributes may. */
  | { readonly kind: 'keep'; readonly before: ResourceRecord };

export function taskFor(
  { type, definition, properties }: Pick<WantedResource, 'definition' | 'properties' | 'type'>,
  before: ResourceRecord | undefined,
): Task {
  if (before?.physicalId === undefined) return { kind: 'create' };
  const changed = changedProperties(before.properties, properties);
  if (changed.length === 0) return { kind: 'keep', before };
  if (needsReplacement(type, changed))
    return { kind: 'replace', before, keepOld: definition.updateReplacePolicy === 'Retain', revises: false };
  if (type.revises !== undefined)
    return { kind: 'replace', before, keepOld: type.revises(properties) === 'keep-old', revises: true };
  return { kind: 'update', before };
}

/** Creates a resource, or finds the one that a killed engine created. */
export async function make(
  progress: Progress,
  wanted: WantedResource,
  task: Extract<Task, { kind: 'create' | 'replace' }>,
  initiated: (state: ResourceState) => void,
): Promise<ResourceState> {
  const { type, request, logicalId } = wanted;
  const { store } = progress.world;
  const started = store.step(progress.stackId, logicalId);
  const survey = surveyOf(started);
  if (survey !== undefined) {
    const made = type.find === undefined ? await type.adopt?.(request, survey) : await type.find(request);
    if (made !== undefined) {
      initiated(made);
      // It may be incomplete, so it is updated. A revision is created atomically, and an update would create a second
      // one.
      if (type.update === undefined || type.revises !== undefined) return made;
      return type.update(request, { ...made, properties: {} });
    }
  } else {
    await refuseExisting(wanted, task);
    const survey = (await type.survey?.(request)) ?? null;
    store.setStep(progress.stackId, { logicalId, state: 'started', survey, ...stepOf(task) });
  }
  const state = await type.create(request);
  initiated(state);
  return state;
}

/** Looks for the remains of a failed creation, so that the rollback removes them. */
export async function leftover(progress: Progress, wanted: WantedResource): Promise<ResourceState | undefined> {
  const { type, request, logicalId } = wanted;
  const survey = surveyOf(progress.world.store.step(progress.stackId, logicalId));
  if (survey === undefined) return undefined;
  try {
    return type.find === undefined ? await type.adopt?.(request, survey) : await type.find(request);
  } catch {
    // The failure that is being reported matters more than the failed search for remains.
    return undefined;
  }
}

export function stepOf(task: Extract<Task, { kind: 'create' | 'replace' }>) {
  return task.kind === 'create'
    ? { action: 'create' as const }
    : {
        action: 'replace' as const,
        before: task.before,
        keepOld: task.keepOld,
        keepNew: task.keepOld && !task.revises,
      };
}

function surveyOf(step: StepRecord | undefined): Json | undefined {
  return step?.action === 'create' || step?.action === 'replace' ? step.survey : undefined;
}

/**
 * Returns an existing resource that a new one can import. CloudFormation imports a resource if its custom name is
 * literal in the template, its DeletionPolicy is not Delete, and it belongs to no stack.
 */
export async function importable(
  { world, stackId }: Progress,
  { type, definition, request, logicalId }: WantedResource,
  { importExisting }: Pick<OperationRecord, 'importExisting'>,
): Promise<ResourceState | undefined> {
  if (importExisting !== true || definition.deletionPolicy === 'Delete') return undefined;
  // The creation was started by an engine that was killed, so the resource is this stack's own.
  if (world.store.step(stackId, logicalId) !== undefined) return undefined;
  const names = type.createOnly.flatMap((name) => definition.properties[name] ?? []);
  if (names.length === 0 || !names.every((name) => typeof name === 'string')) return undefined;
  const found = await type.find?.(request);
  if (found === undefined) return undefined;
  const owned = [...world.store.stacks.values()].some(({ id }) =>
    world.store.resourcesOf(id).some((each) => each.type === type.name && each.physicalId === found.physicalId),
  );
  return owned ? undefined : found;
}

async function refuseExisting({ type, request, logicalId }: WantedResource, task: Task): Promise<void> {
  const existing = await type.find?.(request);
  if (existing === undefined) return;
  if (task.kind === 'replace' && existing.physicalId === task.before.physicalId)
    throw validationError(
      `CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename ${existing.physicalId} and update the stack again.`,
    );
  throw validationError(
    `Resource of type '${type.name}' with identifier '${existing.physicalId}' already exists. (${logicalId})`,
  );
}

/** Converts a resource's record to the input of its handler. */
export function existing({ physicalId, attributes, properties }: ResourceRecord): ExistingResource {
  return { physicalId: physicalId ?? '', attributes, properties };
}

/** The record of a resource that matches the template. */
export function recordOf(
  { logicalId, type, definition, properties, dependsOn, token }: WantedResource,
  state: Partial<ResourceState>,
  status: ResourceRecord['status'],
  statusReason?: string,
): ResourceRecord {
  return {
    logicalId,
    type: type.name,
    ...present({ physicalId: state.physicalId }),
    attributes: state.attributes ?? {},
    token,
    properties,
    status,
    ...present({ statusReason }),
    deletionPolicy: definition.deletionPolicy,
    ...present({ metadata: definition.metadata }),
    dependsOn,
    updatedAt: new Date().toISOString(),
  };
}
