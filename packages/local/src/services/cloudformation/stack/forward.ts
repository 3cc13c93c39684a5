import { messageOf } from '../errors.js';
import { sameJson } from '../json.js';
import { checkProperties } from '../resources/properties.js';
import type { ResourceState } from '../resources/resource-type.js';
import type { OperationRecord, ResourceRecord, StackRecord } from './model.js';
import { asJson, type OpenedTemplate } from './opened-template.js';
import type { Progress } from './progress.js';
import { resourceRequest } from './resource-request.js';
import {
  existing,
  importable,
  leftover,
  make,
  recordOf,
  stepOf,
  type Task,
  taskFor,
  type WantedResource,
} from './resource-work.js';
import type { ResourceView } from './scope.js';
import { propertiesWithSecrets } from './secret-values.js';
import { existingView } from './views.js';
import { walk } from './walk.js';
import { Interrupted, toolsOf } from './world.js';

type Verb = 'create' | 'update';

/**
 * Creates and updates the resources of a stack to match a template: in dependency order, and in parallel where
 * possible.
 */
export class Forward {
  readonly #progress: Progress;
  readonly #operation: OperationRecord;
  readonly #opened: OpenedTemplate;
  /** Resources in progress, which are cancelled when another one fails. */
  readonly #underWay = new Map<string, { readonly resource: ResourceRecord; readonly verb: Verb }>();
  readonly #failed = new Map<string, Verb>();

  constructor(progress: Progress, operation: OperationRecord, opened: OpenedTemplate) {
    this.#progress = progress;
    this.#operation = operation;
    this.#opened = opened;
  }

  /**
   * @returns the failures, in CloudFormation's words; `undefined` when everything succeeded
   * @throws Interrupted when the engine stops
   */
  async run(): Promise<string | undefined> {
    await walk(this.#opened.dependencies, (logicalId) => this.#visit(logicalId));
    if (this.#failed.size > 0) return this.#failure();
    if (this.#progress.world.stopping()) throw new Interrupted();
    return undefined;
  }

  /** Returns a resource of the stack in its current state, for `Ref` and `Fn::GetAtt`. */
  readonly view = (logicalId: string): ResourceView | undefined => {
    const { world, stackId } = this.#progress;
    const resource = world.store.resource(stackId, logicalId);
    const type = resource === undefined ? undefined : world.resourceType(resource.type);
    return resource === undefined || type === undefined ? undefined : existingView(type, resource);
  };

  async #visit(logicalId: string): Promise<boolean> {
    const { world, stackId } = this.#progress;
    if (world.stopping() || this.#failed.size > 0) return false;
    const step = world.store.step(stackId, logicalId);
    if (step !== undefined && step.action !== 'discard' && step.state === 'done') return true;
    const before = step?.action === 'replace' || step?.action === 'update' ? step.before : this.#before(logicalId);
    try {
      const { wanted, task } = await this.#wanted(logicalId, before);
      await this.#perform(wanted, task);
      return !this.#failed.has(logicalId);
    } catch (error) {
      if (this.#failed.has(logicalId)) return false;
      this.#fail(logicalId, before, messageOf(error));
      return false;
    }
  }

  /** The resource as it was before the operation. */
  #before(logicalId: string): ResourceRecord | undefined {
    const resource = this.#progress.world.store.resource(this.#progress.stackId, logicalId);
    return resource?.physicalId === undefined ? undefined : resource;
  }

  async #wanted(
    logicalId: string,
    before: ResourceRecord | undefined,
  ): Promise<{ wanted: WantedResource; task: Task }> {
    const { world, stackName } = this.#progress;
    const definition = this.#opened.resources[logicalId];
    const type = definition === undefined ? undefined : world.resourceType(definition.type);
    if (definition === undefined || type === undefined) throw new Error(`The template has no resource ${logicalId}.`);
    const properties = checkProperties(type, logicalId, asJson(this.#opened.properties(logicalId, this.view)));
    const task = taskFor({ type, definition, properties }, before);
    // A new resource gets a new name; a revision keeps the name of its predecessors.
    const isNamedAnew = before === undefined || (task.kind === 'replace' && !task.revises);
    const token = isNamedAnew ? this.#operation.token : before.token;
    const wanted: WantedResource = {
      logicalId,
      type,
      definition,
      properties,
      dependsOn: [...(this.#opened.dependencies.get(logicalId) ?? [])],
      token,
      request: resourceRequest(
        world,
        stackName,
        logicalId,
        task.kind === 'keep' ? properties : await propertiesWithSecrets(toolsOf(world, stackName), properties),
        token,
      ),
    };
    return { wanted, task };
  }

  async #perform(wanted: WantedResource, task: Task): Promise<void> {
    switch (task.kind) {
      case 'keep':
        return this.#keep(wanted, task.before);
      case 'update':
        return this.#update(wanted, task.before);
      case 'create': {
        const state = await importable(this.#progress, wanted, this.#operation);
        return state === undefined ? this.#make(wanted, task) : this.#import(wanted, state);
      }
      case 'replace':
        return this.#make(wanted, task);
    }
  }

  /** Imports an existing resource. The stack did not create it, so a rollback keeps it. */
  #import(wanted: WantedResource, state: ResourceState): void {
    const { world, stackId } = this.#progress;
    this.#begin(recordOf(wanted, state, 'CREATE_IN_PROGRESS'), 'create', 'Resource import started.');
    const record = recordOf(wanted, state, 'CREATE_COMPLETE', 'Resource import completed.');
    this.#end({ ...record, deletionPolicy: 'Retain' });
    world.store.setStep(stackId, { logicalId: wanted.logicalId, action: 'create', state: 'done', survey: null });
  }

  #keep(wanted: WantedResource, before: ResourceRecord): void {
    const { world, stackId } = this.#progress;
    const { logicalId } = wanted;
    const record = { ...recordOf(wanted, before, before.status, before.statusReason), updatedAt: before.updatedAt };
    if (sameJson(record, before)) return;
    world.store.setResource(stackId, record);
    world.store.setStep(stackId, { logicalId, action: 'update', state: 'done', before });
  }

  async #update(wanted: WantedResource, before: ResourceRecord): Promise<void> {
    const { world, stackId } = this.#progress;
    const { logicalId, type, request } = wanted;
    if (type.update === undefined) throw new Error(`${type.name} cannot be updated.`);
    world.store.setStep(stackId, { logicalId, action: 'update', state: 'started', before });
    this.#begin({ ...before, status: 'UPDATE_IN_PROGRESS' }, 'update');
    const state = await type.update(request, existing(before));
    this.#end(recordOf(wanted, state, 'UPDATE_COMPLETE'));
    world.store.setStep(stackId, { logicalId, action: 'update', state: 'done', before });
  }

  async #make(wanted: WantedResource, task: Extract<Task, { kind: 'create' | 'replace' }>): Promise<void> {
    const { world, stackId } = this.#progress;
    const isNew = task.kind === 'create';
    const revises = !isNew && task.revises;
    this.#begin(
      isNew ? recordOf(wanted, {}, 'CREATE_IN_PROGRESS') : { ...task.before, status: 'UPDATE_IN_PROGRESS' },
      isNew ? 'create' : 'update',
      isNew || revises ? undefined : replacementReason,
    );
    try {
      const state = await make(this.#progress, wanted, task, ({ physicalId }) => {
        if (!revises && !this.#failed.has(wanted.logicalId))
          this.#progress.resource(
            { ...recordOf(wanted, { physicalId }, 'CREATE_IN_PROGRESS') },
            isNew ? 'CREATE_IN_PROGRESS' : 'UPDATE_IN_PROGRESS',
            'Resource creation Initiated',
          );
      });
      this.#end(recordOf(wanted, state, isNew ? 'CREATE_COMPLETE' : 'UPDATE_COMPLETE'));
      this.#madeStep(wanted, task);
    } catch (error) {
      const left = await leftover(this.#progress, wanted);
      if (left !== undefined) {
        const reason = messageOf(error);
        world.store.setResource(stackId, recordOf(wanted, left, isNew ? 'CREATE_FAILED' : 'UPDATE_FAILED', reason));
        this.#madeStep(wanted, task);
      }
      throw error;
    }
  }

  #madeStep({ logicalId }: WantedResource, task: Extract<Task, { kind: 'create' | 'replace' }>): void {
    const { store } = this.#progress.world;
    const step = store.step(this.#progress.stackId, logicalId);
    const survey = step?.action === 'create' || step?.action === 'replace' ? step.survey : null;
    store.setStep(this.#progress.stackId, { logicalId, state: 'done', survey, ...stepOf(task) });
  }

  #begin(resource: ResourceRecord, verb: Verb, reason?: string): void {
    const { world, stackId } = this.#progress;
    const isResumed = world.store.resource(stackId, resource.logicalId)?.status === resource.status;
    this.#underWay.set(resource.logicalId, { resource, verb });
    world.store.setResource(stackId, resource);
    if (!isResumed) this.#progress.resource(resource, resource.status, reason);
  }

  /** Records that the resource is done; if it was cancelled in the meantime, it is kept only for the rollback. */
  #end(resource: ResourceRecord): void {
    const { world, stackId } = this.#progress;
    const calledOff = this.#failed.get(resource.logicalId);
    this.#underWay.delete(resource.logicalId);
    if (calledOff !== undefined) {
      world.store.setResource(stackId, { ...resource, ...cancelled[calledOff] });
      return;
    }
    world.store.setResource(stackId, resource);
    this.#progress.resource(resource, resource.status);
  }

  #fail(logicalId: string, before: ResourceRecord | undefined, reason: string): void {
    const { world, stackId } = this.#progress;
    const verb = before === undefined ? 'create' : 'update';
    const status = verb === 'create' ? 'CREATE_FAILED' : 'UPDATE_FAILED';
    const current = world.store.resource(stackId, logicalId) ?? this.#neverBegun(logicalId);
    this.#underWay.delete(logicalId);
    this.#failed.set(logicalId, verb);
    // Its evaluation failed before anything was changed; the rollback needs a step to know this.
    if (before !== undefined && world.store.step(stackId, logicalId) === undefined)
      world.store.setStep(stackId, { logicalId, action: 'update', state: 'done', before });
    world.store.setResource(stackId, { ...current, status, statusReason: reason });
    this.#progress.resource(current, status, reason);
    for (const [other, { resource, verb: otherVerb }] of this.#underWay) {
      this.#failed.set(other, otherVerb);
      this.#progress.resource(resource, cancelled[otherVerb].status, cancelled[otherVerb].statusReason);
    }
    this.#underWay.clear();
  }

  #neverBegun(logicalId: string): ResourceRecord {
    return {
      logicalId,
      type: this.#opened.resources[logicalId]?.type ?? '',
      attributes: {},
      token: this.#operation.token,
      properties: {},
      status: 'CREATE_FAILED',
      deletionPolicy: 'Delete',
      dependsOn: [],
      updatedAt: new Date().toISOString(),
    };
  }

  #failure(): string {
    return (['create', 'update'] as const)
      .map((verb) => ({ verb, names: [...this.#failed].filter(([, its]) => its === verb).map(([name]) => name) }))
      .filter(({ names }) => names.length > 0)
      .map(({ verb, names }) => `The following resource(s) failed to ${verb}: [${names.join(', ')}]. `)
      .join('');
  }
}

const replacementReason = 'Requested update requires the creation of a new physical resource; hence creating one.';
const cancelled = {
  create: { status: 'CREATE_FAILED', statusReason: 'Resource creation cancelled' },
  update: { status: 'UPDATE_FAILED', statusReason: 'Resource update cancelled' },
} as const;

/** The members of a stack that change when its operation succeeds. */
export function settled(target: NonNullable<OperationRecord['target']>, opened: OpenedTemplate): Partial<StackRecord> {
  return {
    deployment: target,
    imports: [...opened.imports],
    ...(opened.template.description === undefined ? {} : { description: opened.template.description }),
  };
}
