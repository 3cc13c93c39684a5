import { randomUUID } from 'node:crypto';
import type { Operations } from '../../../kernel/service.js';
import { sortedBy } from '../../../wire/page.js';
import { parseInput } from '../../../wire/parse-input.js';
import { parseDefinition } from '../definition/parse.js';
import { statesErrors } from '../errors.js';
import { equalJson, isObject, type JsonObject, parseJson } from '../interpreter/data/json.js';
import type { MachineRecord, RevisionRecord, VersionRecord } from '../store/records.js';
import { namedMachine, revisionOf } from './lookup.js';
import { checkName } from './names.js';
import { pageFrom, tokenMember } from './pages.js';
import type { Parts } from './parts.js';
import {
  CreateStateMachineInput,
  PageInput,
  StateMachineInput,
  UpdateStateMachineInput,
  ValidateStateMachineDefinitionInput,
} from './requests.js';
import { tagsFrom } from './tags.js';
import { publishVersion } from './versions.js';

const noLogging: JsonObject = { level: 'OFF', includeExecutionData: false };
const noTracing: JsonObject = { enabled: false };

function plainObject(value: unknown, absent: JsonObject): JsonObject {
  const json = value === undefined ? absent : parseJson(JSON.stringify(value));
  return isObject(json) ? { ...absent, ...json } : absent;
}

function checkDefinition(definition: string): void {
  const parsed = parseDefinition(definition);
  if (!parsed.ok) throw statesErrors.invalidDefinition(parsed.problems);
}

function addRevision({ store, clock }: Parts, revision: Omit<RevisionRecord, 'updated'>): string {
  const key = randomUUID();
  store.revisions.set(key, { ...revision, updated: clock.now() });
  return key;
}

type Settings = Omit<RevisionRecord, 'updated'>;

function sameSettings(left: Settings, right: Settings): boolean {
  return (
    left.definition === right.definition &&
    left.roleArn === right.roleArn &&
    equalJson(left.loggingConfiguration, right.loggingConfiguration) &&
    equalJson(left.tracingConfiguration, right.tracingConfiguration)
  );
}

function create(parts: Parts, given: unknown) {
  const input = parseInput(CreateStateMachineInput, given, 'ValidationException');
  const { store, arns, clock } = parts;
  const name = checkName(input.name);
  checkDefinition(input.definition);
  if (input.versionDescription !== undefined && input.publish !== true) {
    throw statesErrors.validation('Version description can only be set when publish is true');
  }
  const settings: Settings = {
    definition: input.definition,
    roleArn: input.roleArn,
    loggingConfiguration: plainObject(input.loggingConfiguration, noLogging),
    tracingConfiguration: plainObject(input.tracingConfiguration, noTracing),
  };
  const type = input.type ?? 'STANDARD';
  const stateMachineArn = arns.machine(name);
  const existing = store.machines.get(name);
  if (existing?.status === 'DELETING') throw statesErrors.stateMachineDeleting(stateMachineArn);
  if (existing !== undefined) {
    // CreateStateMachine is idempotent in everything but tags.
    if (existing.type !== type || !sameSettings(revisionOf(parts, existing.revision), settings)) {
      throw statesErrors.stateMachineAlreadyExists(stateMachineArn);
    }
  } else {
    const revision = addRevision(parts, settings);
    const tags = tagsFrom(input.tags ?? [], {}, stateMachineArn);
    store.machines.set(name, { name, status: 'ACTIVE', type, created: clock.now(), revision, tags });
  }
  const machine = existing ?? store.machines.get(name);
  if (machine === undefined) throw new Error(`the state machine ${name} was not stored`);
  return {
    stateMachineArn,
    creationDate: new Date(machine.created),
    ...(input.publish === true
      ? { stateMachineVersionArn: publishVersion(parts, machine, input.versionDescription).arn }
      : {}),
  };
}

function update(parts: Parts, given: unknown) {
  const input = parseInput(UpdateStateMachineInput, given, 'ValidationException');
  const { store } = parts;
  const { machine } = namedMachine(parts, input.stateMachineArn);
  if (machine.status === 'DELETING') throw statesErrors.stateMachineDeleting(input.stateMachineArn);
  const { definition, roleArn, loggingConfiguration, tracingConfiguration } = input;
  if ([definition, roleArn, loggingConfiguration, tracingConfiguration].every((each) => each === undefined)) {
    throw statesErrors.missingRequiredParameter();
  }
  if (definition !== undefined) checkDefinition(definition);
  const before = revisionOf(parts, machine.revision);
  const revision = addRevision(parts, {
    definition: definition ?? before.definition,
    roleArn: roleArn ?? before.roleArn,
    loggingConfiguration: plainObject(loggingConfiguration, before.loggingConfiguration),
    tracingConfiguration: plainObject(tracingConfiguration, before.tracingConfiguration),
  });
  const updated: MachineRecord = { ...machine, revision, revisionId: revision };
  store.machines.set(machine.name, updated);
  dropUnused(parts, machine.name, machine.revision);
  return {
    updateDate: new Date(revisionOf(parts, revision).updated),
    revisionId: revision,
    ...(input.publish === true
      ? { stateMachineVersionArn: publishVersion(parts, updated, input.versionDescription).arn }
      : {}),
  };
}

/** A revision lives as long as an execution or a published version refers to it. */
function dropUnused({ store }: Pick<Parts, 'store'>, machine: string, revision: string): void {
  const executed = store.executionsOf(machine).some((execution) => execution.revision === revision);
  const published = [...store.versions.values()].some((version) => version.revision === revision);
  if (!executed && !published) store.revisions.delete(revision);
}

/** Running executions go on; the last one that ends takes the state machine with it. */
function remove(parts: Parts, given: unknown) {
  const { stateMachineArn } = parseInput(StateMachineInput, given, 'ValidationException');
  const { arns, store } = parts;
  const named = arns.parse(stateMachineArn);
  if (named?.kind !== 'stateMachine') throw statesErrors.invalidArn(stateMachineArn);
  const machine = store.machines.get(named.machine);
  // Deleting what is not there succeeds, as in Step Functions.
  if (machine === undefined) return {};
  store.machines.set(machine.name, { ...machine, status: 'DELETING' });
  removeWhenIdle(parts, machine.name);
  return {};
}

/** Removes a state machine that is being deleted once nothing of it runs. */
export function removeWhenIdle({ store }: Pick<Parts, 'store'>, name: string): void {
  const machine = store.machines.get(name);
  if (machine?.status !== 'DELETING' || store.runningCount(name) > 0) return;
  store.machines.delete(name);
  const published = [...store.versions.entries()].filter(([, version]) => version.machine === name);
  for (const [key] of published) store.versions.delete(key);
  for (const revision of new Set([machine.revision, ...published.map(([, version]) => version.revision)])) {
    dropUnused({ store }, name, revision);
  }
}

function describe(parts: Parts, given: unknown) {
  const { stateMachineArn } = parseInput(StateMachineInput, given, 'ValidationException');
  const { machine, version } = namedMachine(parts, stateMachineArn);
  return describeRevision(parts, machine, version);
}

function describeRevision(parts: Parts, machine: MachineRecord, version: VersionRecord | undefined) {
  const revision = revisionOf(parts, version?.revision ?? machine.revision);
  return {
    stateMachineArn: parts.arns.machine(machine.name, version?.version),
    name: machine.name,
    status: machine.status,
    definition: revision.definition,
    roleArn: revision.roleArn,
    type: machine.type,
    creationDate: new Date(version?.created ?? machine.created),
    loggingConfiguration: revision.loggingConfiguration,
    tracingConfiguration: revision.tracingConfiguration,
    ...(machine.revisionId === undefined ? {} : { revisionId: machine.revisionId }),
    ...(version?.description === undefined ? {} : { description: version.description }),
  };
}

function list(parts: Parts, given: unknown) {
  const input = parseInput(PageInput, given, 'ValidationException');
  const machines = sortedBy(parts.store.machines.values(), ({ name }) => name);
  const { page, nextToken } = pageFrom(machines, input);
  const stateMachines = page.map(({ name, type, created }) => ({
    stateMachineArn: parts.arns.machine(name),
    name,
    type,
    creationDate: new Date(created),
  }));
  return { stateMachines, ...tokenMember(nextToken) };
}

function validate(given: unknown) {
  const input = parseInput(ValidateStateMachineDefinitionInput, given, 'ValidationException');
  const parsed = parseDefinition(input.definition);
  const found = parsed.ok ? [] : parsed.problems;
  const limit = input.maxResults === undefined || input.maxResults === 0 ? 100 : input.maxResults;
  return {
    result: found.length === 0 ? 'OK' : 'FAIL',
    diagnostics: found.slice(0, limit),
    truncated: found.length > limit,
  };
}

/** The operations on state machines. */
export function stateMachineOperations(parts: Parts): Operations {
  return {
    CreateStateMachine: (input) => create(parts, input),
    UpdateStateMachine: (input) => update(parts, input),
    DeleteStateMachine: (input) => remove(parts, input),
    DescribeStateMachine: (input) => describe(parts, input),
    ListStateMachines: (input) => list(parts, input),
    ValidateStateMachineDefinition: (input) => validate(input),
  };
}
