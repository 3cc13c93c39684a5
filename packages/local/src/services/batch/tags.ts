import type { Operations } from '../../kernel/service.js';
import {
  clientException,
  ListTagsForResourceRequest,
  parseRequest,
  TagResourceRequest,
  UntagResourceRequest,
} from './requests.js';

type Tags = Readonly<Record<string, string>>;

/** One kind of resource that carries tags. */
export interface Taggable {
  /** Undefined when the ARN names none of this kind. */
  read(arn: string): Tags | undefined;
  write(arn: string, tags: Tags): void;
}

export function tagOperations(kinds: readonly Taggable[]): Operations {
  const owner = (arn: string) => {
    for (const kind of kinds) {
      const tags = kind.read(arn);
      if (tags !== undefined) return { kind, tags };
    }
    throw clientException(`Error executing request, Exception : Resource ${arn} does not exist`);
  };
  return {
    TagResource: (input: unknown) => {
      const { resourceArn, tags } = parseRequest(TagResourceRequest, input);
      const { kind, tags: present } = owner(resourceArn);
      kind.write(resourceArn, { ...present, ...tags });
      return {};
    },
    UntagResource: (input: unknown) => {
      const { resourceArn, tagKeys } = parseRequest(UntagResourceRequest, input);
      const { kind, tags } = owner(resourceArn);
      kind.write(resourceArn, Object.fromEntries(Object.entries(tags).filter(([key]) => !tagKeys.includes(key))));
      return {};
    },
    ListTagsForResource: (input: unknown) => {
      const { resourceArn } = parseRequest(ListTagsForResourceRequest, input);
      return { tags: owner(resourceArn).tags };
    },
  };
}

/** Tags that are a member of the resource's own record. */
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
