import { createHash } from 'node:crypto';
import type { JsonObject } from '../json.js';
import type { ResourceRequest } from '../resources/resource-type.js';
import { toolsOf, type World } from './world.js';

/**
 * Creates the request for a resource type.
 *
 * @param token - token of the operation: the same token gives the same generated names
 */
export function resourceRequest(
  world: World,
  stackName: string,
  logicalId: string,
  properties: JsonObject,
  token: string,
): ResourceRequest {
  return {
    ...toolsOf(world, stackName),
    stackName,
    logicalId,
    properties,
    generatedName({ maxLength = 255, lowerCase = false } = {}) {
      const name = generatedName(stackName, logicalId, token, maxLength);
      return lowerCase ? name.toLowerCase() : name;
    },
  };
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const suffixLength = 12;

/** `<stack>-<logical id>-<12 characters>`; both names are truncated if it would be too long. */
function generatedName(stackName: string, logicalId: string, token: string, maxLength: number): string {
  const digest = createHash('sha256').update(`${token} ${stackName} ${logicalId}`).digest();
  const suffix = [...digest.subarray(0, suffixLength)].map((byte) => alphabet[byte % alphabet.length]).join('');
  const room = maxLength - suffixLength - 2;
  const tail = logicalId.slice(0, Math.max(room - stackName.length, Math.floor(room / 2)));
  return `${stackName.slice(0, room - tail.length)}-${tail}-${suffix}`;
}
