import { Type } from 'typebox';
import type { Operation } from '../../../operation.js';
import { statesErrors } from '../errors.js';
import { arn, operation, tags } from '../operation.js';
import type { Parts } from '../request/parts.js';
import type { MachineRecord } from '../store/records.js';

type Tags = Readonly<Record<string, string>>;

const mostTags = 50;

/** @throws AwsError TooManyTags */
export function tagsFrom(
  added: readonly { readonly key: string; readonly value?: string }[],
  present: Tags,
  arn: string,
): Tags {
  const tags = { ...present, ...Object.fromEntries(added.map(({ key, value }) => [key, value ?? ''])) };
  if (Object.keys(tags).length > mostTags) throw statesErrors.tooManyTags(arn);
  return tags;
}

function tagged({ arns, store }: Parts, arn: string): MachineRecord {
  const named = arns.parse(arn);
  // A version has no tags of its own.
  const machine =
    named?.kind === 'stateMachine' && named.version === undefined ? store.machines.get(named.machine) : undefined;
  if (machine === undefined) throw statesErrors.resourceNotFound(arn);
  return machine;
}

/** The operations on the tags of state machines. */
export function tagOperations(parts: Parts): Operation[] {
  const { machines } = parts.store;
  return [
    operation('TagResource', Type.Object({ resourceArn: arn, tags: tags }), ({ resourceArn, tags }) => {
      const machine = tagged(parts, resourceArn);
      machines.set(machine.name, { ...machine, tags: tagsFrom(tags, machine.tags, resourceArn) });
      return {};
    }),

    operation(
      'UntagResource',
      Type.Object({ resourceArn: arn, tagKeys: Type.Array(Type.String()) }),
      ({ resourceArn, tagKeys }) => {
        const machine = tagged(parts, resourceArn);
        const kept = Object.entries(machine.tags).filter(([key]) => !tagKeys.includes(key));
        machines.set(machine.name, { ...machine, tags: Object.fromEntries(kept) });
        return {};
      },
    ),

    operation('ListTagsForResource', Type.Object({ resourceArn: arn }), ({ resourceArn }) => {
      const { tags } = tagged(parts, resourceArn);
      return { tags: Object.entries(tags).map(([key, value]) => ({ key, value })) };
    }),
  ];
}
