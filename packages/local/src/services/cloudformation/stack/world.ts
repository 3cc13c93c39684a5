import type { EngineContext } from '../../../kernel/service.js';
import { isObject } from '../json.js';
import type { ResourceTools, ResourceType } from '../resources/resource-type.js';
import type { StackStore } from './store.js';

/** What everything that works on stacks has at hand. */
export interface World {
  readonly context: EngineContext;
  readonly store: StackStore;
  readonly resourceType: (name: string) => ResourceType | undefined;
  readonly tools: ResourceTools;
  /** The engine stops: nothing new is begun, the rest is for the next start. */
  readonly stopping: () => boolean;
}

/** Thrown through an operation that the engine's stop interrupts; the journal has all that it takes to go on. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** What resource types get of the engine. */
export function resourceTools(context: EngineContext): ResourceTools {
  return {
    partition: context.partition,
    region: context.region,
    accountId: context.accountId,
    async call(service, operation, input) {
      const output = await context.call(service, operation, input);
      return typeof output === 'object' && output !== null ? { ...output } : {};
    },
  };
}

/** The function of each macro: macros are resources of stacks, and have no service of their own. */
export function macroFunction(store: StackStore, name: string): string | undefined {
  for (const stack of store.stacks.values())
    for (const { type, status, properties } of store.resourcesOf(stack.id))
      if (type === 'AWS::CloudFormation::Macro' && status.endsWith('_COMPLETE') && isObject(properties)) {
        const { Name, FunctionName } = properties;
        if (Name === name && typeof FunctionName === 'string') return FunctionName;
      }
  return undefined;
}
