import { createHash } from 'node:crypto';
import type { JsonObject } from '../json.js';
import type { ResourceRequest, ResourceState, ResourceType } from './resource-type.js';

/**
 * A type whose resources have no meaning on a single machine, or no service in the engine. They are checked and stored
 * with the stack, with ids in the format of AWS.
 *
 * @param state - the resource's id and attributes; the same for every retry of one creation
 * @param changed - its attributes after an update, if they change
 */
export function recordedType(
  type: Omit<ResourceType, 'create' | 'delete' | 'update'>,
  state: (request: ResourceRequest) => ResourceState,
  changed: (before: JsonObject) => JsonObject = (before) => before,
): ResourceType {
  return {
    ...type,
    create: async (request) => state(request),
    update: async (_request, { physicalId, attributes }) => ({ physicalId, attributes: changed(attributes) }),
    delete: async () => {},
  };
}

/** An id such as `lt-0a1b…`: a prefix and hexadecimal digits, the same for every retry of one creation. */
export function stableId(request: ResourceRequest, prefix: string, digits = 17): string {
  return prefix + createHash('sha256').update(request.generatedName()).digest('hex').slice(0, digits);
}
