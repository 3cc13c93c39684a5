import Type from 'typebox';
import type { Operation } from '../../../operation.js';
import { withoutTagKeys } from '../../../wire/tag-list.js';
import { clientException, routedOperation, textMap } from '../operation.js';

type Tags = Readonly<Record<string, string>>;

/** A kind of resource with tags. */
export interface Taggable {
  /** Undefined when the ARN is not that of a resource of this kind. */
  read(arn: string): Tags | undefined;
  write(arn: string, tags: Tags): void;
}

const path = '/v1/tags/{resourceArn}';
const resource = { resourceArn: Type.String() };

export function tagOperations(kinds: readonly Taggable[]): Operation[] {
  const owner = (arn: string) => {
    for (const kind of kinds) {
      const tags = kind.read(arn);
      if (tags !== undefined) return { kind, tags };
    }
    throw clientException(`Error executing request, Exception : Resource ${arn} does not exist`);
  };
  return [
    routedOperation(
      'TagResource',
      { method: 'POST', path },
      Type.Object({ ...resource, tags: textMap }),
      ({ resourceArn, tags }) => {
        const { kind, tags: present } = owner(resourceArn);
        kind.write(resourceArn, { ...present, ...tags });
        return {};
      },
    ),

    routedOperation(
      'UntagResource',
      { method: 'DELETE', path },
      Type.Object({ ...resource, tagKeys: Type.Array(Type.String()) }),
      ({ resourceArn, tagKeys }) => {
        const { kind, tags } = owner(resourceArn);
        kind.write(resourceArn, withoutTagKeys(tags, tagKeys));
        return {};
      },
    ),

    routedOperation('ListTagsForResource', { method: 'GET', path }, Type.Object(resource), ({ resourceArn }) => ({
      tags: owner(resourceArn).tags,
    })),
  ];
}

/** Tags that are stored in the resource's own record. */
export function taggedRecords<Item extends { readonly tags: Tags }>(records: {
  find(arn: string): Item | undefined;
  replace(record: Item): void;
}): Taggable {
  return {
    read: (arn) => records.find(arn)?.tags,
    write: (arn, tags) => {
      const record = records.find(arn);
      if (record !== undefined) records.replace({ ...record, tags });
    },
  };
}
