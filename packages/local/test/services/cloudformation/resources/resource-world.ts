import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Engine, startEngineWith } from '../../../../src/kernel/engine.js';
import type { EngineContext } from '../../../../src/kernel/service.js';
import type { JsonObject } from '../../../../src/services/cloudformation/json.js';
import { checkProperties } from '../../../../src/services/cloudformation/resources/properties.js';
import { resourceType } from '../../../../src/services/cloudformation/resources/registry.js';
import type {
  ExistingResource,
  ResourceRequest,
  ResourceState,
  ResourceType,
} from '../../../../src/services/cloudformation/resources/resource-type.js';
import { serviceFactories } from '../../../../src/services/index.js';

/** An engine with all services, and the resource types on top of them without the stacks. */
export class ResourceWorld {
  readonly #engine: Engine;
  readonly #context: EngineContext;

  private constructor(engine: Engine, context: EngineContext) {
    this.#engine = engine;
    this.#context = context;
  }

  static async start(): Promise<ResourceWorld> {
    const contexts: EngineContext[] = [];
    const spy = (context: EngineContext) => {
      contexts.push(context);
      return { name: 'spy', operations: new Map() };
    };
    const engine = await startEngineWith([...serviceFactories, spy], {
      directory: mkdtempSync(join(tmpdir(), 'bclaw-resources-')),
      openRoles: ['some'],
    });
    const context = contexts[0];
    if (context === undefined) throw new Error('the engine made no services');
    return new ResourceWorld(engine, context);
  }

  async close(): Promise<void> {
    await this.#engine.close();
    rmSync(this.#engine.directory, { recursive: true });
  }

  /** Calls a service; the answer as an object. */
  async call(service: string, operation: string, input: object): Promise<Readonly<Record<string, unknown>>> {
    return { ...Object(await this.#context.call(service, operation, input)) };
  }

  /** What a stack would ask of a type; `logicalId` makes the generated names. */
  request(type: ResourceType, properties: JsonObject, logicalId = 'Thing'): ResourceRequest {
    const { accountId, region, partition } = this.#context;
    return {
      accountId,
      region,
      partition,
      stackName: 'stack',
      logicalId,
      properties: checkProperties(type, logicalId, properties),
      require: () => {},
      call: (service, operation, input) => this.call(service, operation, input),
      generatedName: ({ maxLength = 255, lowerCase = false } = {}) => {
        const name = `stack-${logicalId}-1A2B3C`.slice(0, maxLength);
        return lowerCase ? name.toLowerCase() : name;
      },
    };
  }

  async create(typeName: string, properties: JsonObject, logicalId?: string): Promise<ExistingResource> {
    const request = this.request(typeNamed(typeName), properties, logicalId);
    return { ...(await typeNamed(typeName).create(request)), properties: request.properties };
  }

  async update(
    typeName: string,
    existing: ExistingResource,
    properties: JsonObject,
    logicalId?: string,
  ): Promise<ExistingResource> {
    const type = typeNamed(typeName);
    const request = this.request(type, properties, logicalId);
    if (type.update === undefined) throw new Error(`${typeName} is not updated in place`);
    return { ...(await type.update(request, existing)), properties: request.properties };
  }

  async find(typeName: string, properties: JsonObject, logicalId?: string): Promise<ResourceState | undefined> {
    const type = typeNamed(typeName);
    return type.find?.(this.request(type, properties, logicalId));
  }

  async delete(typeName: string, existing: ExistingResource): Promise<void> {
    const type = typeNamed(typeName);
    await type.delete(existing, this.request(type, existing.properties));
  }
}

export function typeNamed(name: string): ResourceType {
  const type = resourceType(name);
  if (type === undefined) throw new Error(`there is no type ${name}`);
  return type;
}

/** The value at a path of members, of anything. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((inner, key) => Object(inner)[key], value);
}
