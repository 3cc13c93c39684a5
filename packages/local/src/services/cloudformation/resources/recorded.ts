import { createHash } from 'node:crypto';
import type { JsonObject } from '../json.js';
import type { ResourceRequest, ResourceState, ResourceType } from './resource-type.js';

/**
 * A type whose resources mean nothing on one machine, or have no service here: checked, and kept with the stack under the
 * ids that AWS would give.
 *
 * @param state - what the resource looks like; the same each time for one creation
 * @param changed - its attributes after an update, when they change
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

/** An id such as `lt-0a1b…`: a prefix and hexadecimal digits, the same each time for one creation. */
export function stableId(request: ResourceRequest, prefix: string, digits = 17): string {
  return prefix + createHash('sha256').update(request.generatedName()).digest('hex').slice(0, digits);
}
