import type { ResourceType } from './resource-type.js';

const types: readonly ResourceType[] = [];

const byName = new Map(types.map((type) => [type.name, type]));

/** The resource type with that name (`AWS::S3::Bucket`), if the engine has it. */
export function resourceType(name: string): ResourceType | undefined {
  return byName.get(name);
}
