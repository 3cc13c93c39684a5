import { randomUUID } from 'node:crypto';
import type { Lists, Table } from '../../../kernel/journal.js';
import type { EngineContext } from '../../../kernel/service.js';
import { AwsError } from '../../../wire/aws-error.js';
import { validationError } from '../errors.js';
import type { ChangeSetRecord, OperationRecord, ResourceRecord, StackEvent, StackRecord, StepRecord } from './model.js';

/** All stacks of the engine with their resources, events, change sets and operations, stored in the journal. */
export class StackStore {
  readonly stacks: Table<StackRecord>;
  readonly changeSets: Table<ChangeSetRecord>;
  readonly operations: Table<OperationRecord>;
  readonly #resources: Table<ResourceRecord>;
  readonly #steps: Table<StepRecord>;
  readonly #events: Lists<StackEvent>;
  readonly #context: EngineContext;

  constructor(context: EngineContext) {
    const { journal } = context;
    this.#context = context;
    this.stacks = journal.table('cloudformation/stacks');
    this.changeSets = journal.table('cloudformation/change-sets');
    this.operations = journal.table('cloudformation/operations');
    this.#resources = journal.table('cloudformation/resources');
    this.#steps = journal.table('cloudformation/steps');
    this.#events = journal.lists('cloudformation/events');
  }

  arn(kind: 'changeSet' | 'stack', name: string): string {
    const { partition, region, accountId } = this.#context;
    return `arn:${partition}:cloudformation:${region}:${accountId}:${kind}/${name}/${randomUUID()}`;
  }

  /** Returns the stack with that id, or the live one with that name. */
  find(nameOrId: string): StackRecord | undefined {
    if (nameOrId.startsWith('arn:')) return this.stacks.get(nameOrId);
    for (const stack of this.stacks.values())
      if (stack.name === nameOrId && stack.status !== 'DELETE_COMPLETE') return stack;
    return undefined;
  }

  /** @throws AwsError `ValidationError` when the stack does not exist */
  get(nameOrId: string): StackRecord {
    const stack = this.find(nameOrId);
    if (stack === undefined) throw validationError(`Stack with id ${nameOrId} does not exist`);
    return stack;
  }

  /** Updates members of a stack; a new status also replaces the status reason. */
  update(stackId: string, changes: Partial<StackRecord>): StackRecord {
    const { statusReason, ...before } = this.get(stackId);
    const kept = changes.status === undefined && statusReason !== undefined ? { statusReason } : {};
    const stack: StackRecord = { ...before, ...kept, ...changes };
    this.stacks.set(stackId, stack);
    return stack;
  }

  resource(stackId: string, logicalId: string): ResourceRecord | undefined {
    return this.#resources.get(key(stackId, logicalId));
  }

  setResource(stackId: string, resource: ResourceRecord): void {
    this.#resources.set(key(stackId, resource.logicalId), resource);
  }

  deleteResource(stackId: string, logicalId: string): void {
    this.#resources.delete(key(stackId, logicalId));
  }

  allResources(): IterableIterator<ResourceRecord> {
    return this.#resources.values();
  }

  resourcesOf(stackId: string): ResourceRecord[] {
    return belonging(this.#resources, stackId);
  }

  step(stackId: string, logicalId: string): StepRecord | undefined {
    return this.#steps.get(key(stackId, logicalId));
  }

  setStep(stackId: string, step: StepRecord): void {
    this.#steps.set(key(stackId, step.logicalId), step);
  }

  stepsOf(stackId: string): StepRecord[] {
    return belonging(this.#steps, stackId);
  }

  clearStep(stackId: string, logicalId: string): void {
    this.#steps.delete(key(stackId, logicalId));
  }

  addEvent(stackId: string, event: Omit<StackEvent, 'timestamp' | 'id'>): void {
    const id = event.type === stackType ? randomUUID() : `${event.logicalId}-${event.status}-${randomUUID()}`;
    this.#events.append(stackId, { ...event, id, timestamp: new Date().toISOString() });
  }

  /** Oldest first. */
  eventsOf(stackId: string): readonly StackEvent[] {
    return this.#events.read(stackId);
  }

  /** @throws AwsError `ChangeSetNotFound` */
  changeSet(nameOrId: string, stackNameOrId: string | undefined): ChangeSetRecord {
    const found = nameOrId.startsWith('arn:')
      ? this.changeSets.get(nameOrId)
      : this.changeSetsOf(this.get(stackNameOrId ?? '').id).find(({ name }) => name === nameOrId);
    if (found === undefined)
      throw new AwsError('ChangeSetNotFound', `ChangeSet [${nameOrId}] does not exist`, { status: 404 });
    return found;
  }

  changeSetsOf(stackId: string): ChangeSetRecord[] {
    return [...this.changeSets.values()].filter((changeSet) => changeSet.stackId === stackId);
  }

  /** Every export of every stack: export name → stack and value. */
  exports(): Map<string, { readonly stackId: string; readonly value: string }> {
    const exports = new Map<string, { stackId: string; value: string }>();
    for (const stack of this.stacks.values())
      if (stack.status !== 'DELETE_COMPLETE')
        for (const { exportName, value } of stack.outputs)
          if (exportName !== undefined) exports.set(exportName, { stackId: stack.id, value });
    return exports;
  }

  /** Returns the stacks that use an export. */
  importersOf(exportName: string): StackRecord[] {
    return [...this.stacks.values()].filter(
      (stack) => stack.status !== 'DELETE_COMPLETE' && stack.imports.includes(exportName),
    );
  }
}

/** The type of a stack in its own events. */
export const stackType = 'AWS::CloudFormation::Stack';

const key = (stackId: string, logicalId: string) => `${stackId} ${logicalId}`;

function belonging<T>(table: Table<T>, stackId: string): T[] {
  const prefix = key(stackId, '');
  const found: T[] = [];
  for (const [id, record] of table.entries()) if (id.startsWith(prefix)) found.push(record);
  return found;
}
