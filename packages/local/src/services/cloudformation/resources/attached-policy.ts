import type { JsonObject } from '../json.js';
import { documentText, textsOf } from './members.js';
import type { ResourceState, ResourceTools, ResourceType } from './resource-type.js';
import { documentOrText, shape, texts } from './schema.js';

/** The calls that attach a policy to a service's resource and detach it. */
interface PolicyHolder {
  /** E.g. `AWS::SQS::QueuePolicy`. */
  readonly name: string;
  /** The property that lists the policy's targets, e.g. `Queues`. */
  readonly property: string;
  attach(tools: ResourceTools, target: string, policy: string): Promise<void>;
  /** Removes the policy; succeeds if the target is already gone. */
  withdraw(tools: ResourceTools, target: string): Promise<void>;
}

/** A type whose resource is one policy for several resources of a service. */
export function attachedPolicyType({ name, property, attach, withdraw }: PolicyHolder): ResourceType {
  return {
    name,
    properties: shape({ PolicyDocument: documentOrText, [property]: texts }),
    createOnly: [],
    attributes: ['Id'],

    async create(request) {
      await attachAll(request.properties, request);
      return stateOf(request.generatedName());
    },

    async update(request, { physicalId, properties: before }) {
      const kept = new Set(textsOf(request.properties, property));
      for (const target of textsOf(before, property)) if (!kept.has(target)) await withdraw(request, target);
      await attachAll(request.properties, request);
      return stateOf(physicalId);
    },

    async delete({ properties }, tools) {
      for (const target of textsOf(properties, property)) await withdraw(tools, target);
    },
  };

  async function attachAll(properties: JsonObject, tools: ResourceTools): Promise<void> {
    const policy = documentText(properties['PolicyDocument'] ?? {});
    for (const target of textsOf(properties, property)) await attach(tools, target, policy);
  }
}

const stateOf = (id: string): ResourceState => ({ physicalId: id, attributes: { Id: id } });
