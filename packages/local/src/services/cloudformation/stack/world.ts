import { roleCaller } from '../../../kernel/access/session.js';
import type { EngineContext } from '../../../kernel/service.js';
import { isObject } from '../json.js';
import type { ResourceTools, ResourceType } from '../resources/resource-type.js';
import type { StackStore } from './store.js';

/** The dependencies of all code that works on stacks. */
export interface World {
  readonly context: EngineContext;
  readonly store: StackStore;
  readonly resourceType: (name: string) => ResourceType | undefined;
  /** True when the engine is stopping: no new work is started, and the rest resumes at the next start. */
  readonly stopping: () => boolean;
}

/** Thrown when the engine stops during an operation; the journal contains everything that is needed to resume it. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** The parts of the engine that a stack's resources can use, with the permissions of its role or of who deploys it. */
export function toolsOf({ context, store }: World, stackName: string): ResourceTools {
  const stack = store.find(stackName);
  const caller = stack?.roleArn === undefined ? stack?.caller : roleCaller(stack.roleArn, 'AWSCloudFormation');
  const { iam } = context;
  return {
    partition: context.partition,
    region: context.region,
    accountId: context.accountId,
    async call(service, operation, input) {
      const output = await context.call(service, operation, input, caller);
      return typeof output === 'object' && output !== null ? { ...output } : {};
    },
    ...(iam === undefined ? {} : { iam }),
    require(permission) {
      if (caller !== undefined) iam?.require(permission, caller, { code: 'AccessDenied', status: 403 });
    },
  };
}

/** Returns the function of a macro. Macros are resources of stacks and have no service of their own. */
export function macroFunction(store: StackStore, name: string): string | undefined {
  for (const stack of store.stacks.values())
    for (const { type, status, properties } of store.resourcesOf(stack.id))
      if (type === 'AWS::CloudFormation::Macro' && status.endsWith('_COMPLETE') && isObject(properties)) {
        const { Name, FunctionName } = properties;
        if (Name === name && typeof FunctionName === 'string') return FunctionName;
      }
  return undefined;
}
