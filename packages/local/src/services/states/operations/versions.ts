import { Type } from 'typebox';
import type { Operation } from '../../../operation.js';
import { statesErrors } from '../errors.js';
import { arn, operation, paging } from '../operation.js';
import { namedMachine } from '../request/lookup.js';
import { pageFrom } from '../request/pages.js';
import type { Parts } from '../request/parts.js';
import type { MachineRecord, VersionRecord } from '../store/records.js';

const versionsOf = ({ store }: Parts, machine: string): VersionRecord[] =>
  [...store.versions.values()].filter((version) => version.machine === machine).sort((a, b) => b.version - a.version);

/** Publishes the current revision; if it is already published, returns that version. */
export function publishVersion(parts: Parts, machine: MachineRecord, description: string | undefined) {
  const { store, arns, clock } = parts;
  const [newest] = versionsOf(parts, machine.name);
  if (newest?.revision === machine.revision) {
    return { arn: arns.machine(machine.name, newest.version), created: newest.created };
  }
  const version: VersionRecord = {
    machine: machine.name,
    version: Math.max(newest?.version ?? 0, machine.newestVersion ?? 0) + 1,
    revision: machine.revision,
    created: clock.now(),
    ...(description === undefined ? {} : { description }),
  };
  store.versions.set(`${machine.name}:${version.version}`, version);
  store.machines.set(machine.name, { ...machine, newestVersion: version.version });
  return { arn: arns.machine(machine.name, version.version), created: version.created };
}

/** The operations on published versions of state machines. */
export function versionOperations(parts: Parts): Operation[] {
  return [
    operation(
      'PublishStateMachineVersion',
      Type.Object({
        stateMachineArn: arn,
        revisionId: Type.Optional(Type.String()),
        description: Type.Optional(Type.String({ maxLength: 256 })),
      }),
      (input) => {
        const { machine } = namedMachine(parts, input.stateMachineArn);
        if (machine.status === 'DELETING') throw statesErrors.stateMachineDeleting(input.stateMachineArn);
        if (input.revisionId !== undefined && input.revisionId !== (machine.revisionId ?? 'INITIAL')) {
          throw statesErrors.conflict(
            `Failed to publish the State Machine version for revision ${input.revisionId}. The current State Machine revision is ${machine.revisionId ?? 'INITIAL'}.`,
          );
        }
        const { arn, created } = publishVersion(parts, machine, input.description);
        return { stateMachineVersionArn: arn, creationDate: new Date(created) };
      },
    ),

    operation(
      'DeleteStateMachineVersion',
      Type.Object({ stateMachineVersionArn: arn }),
      ({ stateMachineVersionArn }) => {
        const named = parts.arns.parse(stateMachineVersionArn);
        if (named?.kind !== 'stateMachine' || named.version === undefined) {
          throw statesErrors.invalidArn(stateMachineVersionArn);
        }
        parts.store.versions.delete(`${named.machine}:${named.version}`);
        return {};
      },
    ),

    operation('ListStateMachineVersions', Type.Object({ stateMachineArn: arn, ...paging }), (input) => {
      const { machine } = namedMachine(parts, input.stateMachineArn);
      const { page, nextToken } = pageFrom(versionsOf(parts, machine.name), input);
      const stateMachineVersions = page.map(({ version, created }) => ({
        stateMachineVersionArn: parts.arns.machine(machine.name, version),
        creationDate: new Date(created),
      }));
      return { stateMachineVersions, nextToken };
    }),
  ];
}
