import { randomUUID } from 'node:crypto';
import { Type } from 'typebox';
import type { Operation } from '../../../operation.js';
import { sortedBy } from '../../../wire/page.js';
import { parseDefinition } from '../definition/parse.js';
import { variableReferences } from '../definition/variable-references.js';
import { statesErrors } from '../errors.js';
import { equalJson, isObject, type JsonObject, parseJson } from '../interpreter/data/json.js';
import { arn, configuration, definition, machineType, name, operation, paging, tags } from '../operation.js';
import { checkLogging } from '../request/logging.js';
import { namedMachine, revisionOf } from '../request/lookup.js';
import { checkName } from '../request/names.js';
import { pageFrom } from '../request/pages.js';
import type { Parts } from '../request/parts.js';
import { checkRole } from '../role-check.js';
import type { MachineRecord, RevisionRecord, VersionRecord } from '../store/records.js';
import { tagsFrom } from './tags.js';
import { publishVersion } from './versions.js';

const noLogging: JsonObject = { level: 'OFF', includeExecutionData: false };
const noTracing: JsonObject = { enabled: false };

function plainObject(value: unknown, absent: JsonObject): JsonObject {
  const json = value === undefined ? absent : parseJson(JSON.stringify(value));
  return isObject(json) ? { ...absent, ...json } : absent;
}

function revised(parts: Parts, machine: MachineRecord, settings: Settings): MachineRecord {
  checkRole(parts, settings);
  const revision = addRevision(parts, settings, true);
  const updated: MachineRecord = { ...machine, revision, revisionId: revision };
  parts.store.machines.set(machine.name, updated);
  dropUnused(parts, machine.name, machine.revision);
  return updated;
}

function checkDefinition(definition: string, type: MachineRecord['type']): void {
  const parsed = parseDefinition(definition, type);
  if (!parsed.ok) throw statesErrors.invalidDefinition(parsed.problems);
}

type Settings = Omit<RevisionRecord, 'updated' | 'revisionId'>;

/** @param id true to give the revision an id; the first revision of a state machine has none */
function addRevision({ store, clock }: Parts, settings: Settings, id: boolean): string {
  const key = randomUUID();
  store.revisions.set(key, { ...settings, ...(id ? { revisionId: key } : {}), updated: clock.now() });
  return key;
}

function sameSettings(left: Settings, right: Settings): boolean {
  return (
    left.definition === right.definition &&
    left.roleArn === right.roleArn &&
    equalJson(left.loggingConfiguration, right.loggingConfiguration) &&
    equalJson(left.tracingConfiguration, right.tracingConfiguration)
  );
}

/** Deletes a revision that no execution and no published version refers to. */
function dropUnused({ store }: Pick<Parts, 'store'>, machine: string, revision: string): void {
  const executed = store.isExecuted(machine, revision);
  const published = [...store.versions.values()].some((version) => version.revision === revision);
  if (!executed && !published) store.revisions.delete(revision);
}

/** Removes a state machine that is being deleted, once none of its executions are running. */
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
    revisionId: revision.revisionId,
    variableReferences: variableReferences(revision.definition),
    description: version?.description,
  };
}

/** The operations on state machines. */
export function stateMachineOperations(parts: Parts): Operation[] {
  return [
    operation(
      'CreateStateMachine',
      Type.Object({
        name: name,
        definition: definition,
        roleArn: arn,
        type: machineType,
        loggingConfiguration: configuration,
        tracingConfiguration: configuration,
        tags: Type.Optional(tags),
        publish: Type.Optional(Type.Boolean()),
        versionDescription: Type.Optional(Type.String({ maxLength: 256 })),
      }),
      async (input) => {
        const { store, arns, clock } = parts;
        const name = checkName(input.name);
        const type = input.type ?? 'STANDARD';
        checkDefinition(input.definition, type);
        if (input.versionDescription !== undefined && input.publish !== true) {
          throw statesErrors.validation('Version description can only be set when publish is true');
        }
        const settings: Settings = {
          definition: input.definition,
          roleArn: input.roleArn,
          loggingConfiguration: plainObject(input.loggingConfiguration, noLogging),
          tracingConfiguration: plainObject(input.tracingConfiguration, noTracing),
        };
        await checkLogging(parts, settings.loggingConfiguration);
        const stateMachineArn = arns.machine(name);
        const existing = store.machines.get(name);
        if (existing?.status === 'DELETING') throw statesErrors.stateMachineDeleting(stateMachineArn);
        if (existing !== undefined) {
          // CreateStateMachine is idempotent for everything except tags.
          if (existing.type !== type || !sameSettings(revisionOf(parts, existing.revision), settings)) {
            throw statesErrors.stateMachineAlreadyExists(stateMachineArn);
          }
        } else {
          checkRole(parts, settings);
          const revision = addRevision(parts, settings, false);
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
      },
    ),

    operation(
      'UpdateStateMachine',
      Type.Object({
        stateMachineArn: arn,
        definition: Type.Optional(definition),
        roleArn: Type.Optional(arn),
        loggingConfiguration: configuration,
        tracingConfiguration: configuration,
        publish: Type.Optional(Type.Boolean()),
        versionDescription: Type.Optional(Type.String({ maxLength: 256 })),
      }),
      async (input) => {
        const { clock } = parts;
        if (input.loggingConfiguration !== undefined) {
          namedMachine(parts, input.stateMachineArn);
          await checkLogging(parts, plainObject(input.loggingConfiguration, noLogging));
        }
        const { machine, version } = namedMachine(parts, input.stateMachineArn);
        // A version cannot be updated: to this operation, it does not exist.
        if (version !== undefined) throw statesErrors.stateMachineDoesNotExist(input.stateMachineArn);
        if (machine.status === 'DELETING') throw statesErrors.stateMachineDeleting(input.stateMachineArn);
        const { definition, roleArn, loggingConfiguration, tracingConfiguration } = input;
        if ([definition, roleArn, loggingConfiguration, tracingConfiguration].every((each) => each === undefined)) {
          throw statesErrors.missingRequiredParameter();
        }
        if (definition !== undefined) checkDefinition(definition, machine.type);
        const before = revisionOf(parts, machine.revision);
        const settings: Settings = {
          definition: definition ?? before.definition,
          roleArn: roleArn ?? before.roleArn,
          loggingConfiguration:
            loggingConfiguration === undefined
              ? before.loggingConfiguration
              : plainObject(loggingConfiguration, noLogging),
          tracingConfiguration: plainObject(tracingConfiguration, before.tracingConfiguration),
        };
        // An update that changes nothing makes no revision.
        const updated = sameSettings(before, settings) ? machine : revised(parts, machine, settings);
        return {
          updateDate: new Date(updated === machine ? clock.now() : revisionOf(parts, updated.revision).updated),
          revisionId: updated.revisionId,
          ...(input.publish === true
            ? { stateMachineVersionArn: publishVersion(parts, updated, input.versionDescription).arn }
            : {}),
        };
      },
    ),

    // Running executions continue; the state machine is removed when the last one ends.
    operation('DeleteStateMachine', Type.Object({ stateMachineArn: arn }), ({ stateMachineArn }) => {
      const { arns, store } = parts;
      const named = arns.parse(stateMachineArn);
      if (named?.kind !== 'stateMachine') throw statesErrors.invalidArn(stateMachineArn);
      const machine = store.machines.get(named.machine);
      // As in Step Functions, deleting a state machine that does not exist succeeds.
      if (machine === undefined) return {};
      store.machines.set(machine.name, { ...machine, status: 'DELETING' });
      removeWhenIdle(parts, machine.name);
      return {};
    }),

    operation('DescribeStateMachine', Type.Object({ stateMachineArn: arn }), ({ stateMachineArn }) => {
      const { machine, version } = namedMachine(parts, stateMachineArn);
      return describeRevision(parts, machine, version);
    }),

    operation('ListStateMachines', Type.Object(paging), (input) => {
      const machines = sortedBy(parts.store.machines.values(), ({ name }) => name);
      const { page, nextToken } = pageFrom(machines, input);
      const stateMachines = page.map(({ name, type, created }) => ({
        stateMachineArn: parts.arns.machine(name),
        name,
        type,
        creationDate: new Date(created),
      }));
      return { stateMachines, nextToken };
    }),

    operation(
      'ValidateStateMachineDefinition',
      Type.Object({
        definition: Type.String({ maxLength: 1_048_576 }),
        type: machineType,
        severity: Type.Optional(Type.Union([Type.Literal('ERROR'), Type.Literal('WARNING')])),
        maxResults: Type.Optional(Type.Integer({ minimum: 0, maximum: 100 })),
      }),
      (input) => {
        const parsed = parseDefinition(input.definition, input.type ?? 'STANDARD');
        const found = parsed.ok ? [] : parsed.problems;
        const limit = input.maxResults === undefined || input.maxResults === 0 ? 100 : input.maxResults;
        return {
          result: found.length === 0 ? 'OK' : 'FAIL',
          diagnostics: found.slice(0, limit),
          truncated: found.length > limit,
        };
      },
    ),
  ];
}
