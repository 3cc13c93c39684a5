import type { EngineContext, Service } from '../../kernel/service.js';
import { changeSetOperations } from './api/change-set-operations.js';
import { describeOperations } from './api/describe-operations.js';
import { stackOperations } from './api/stack-operations.js';
import { templateOperations } from './api/template-operations.js';
import { resourceType } from './resources/registry.js';
import { ChangeSetWork } from './stack/change-set-work.js';
import { Operations } from './stack/operations.js';
import { StackStore } from './stack/store.js';
import { resourceTools, type World } from './stack/world.js';

/** AWS CloudFormation: stacks, change sets, macros, with the resources that the engine's services have. */
export function createCloudFormationService(context: EngineContext): Service {
  let stopping = false;
  const world: World = {
    context,
    store: new StackStore(context),
    resourceType,
    tools: resourceTools(context),
    stopping: () => stopping,
  };
  const operations = new Operations(world);
  const work = new ChangeSetWork(world);
  return {
    name: 'cloudformation',
    operations: {
      ...stackOperations(world, operations),
      ...changeSetOperations(world, operations, work),
      ...describeOperations(world),
      ...templateOperations(world),
    },
    start() {
      operations.resume();
      work.resume();
    },
    async stop() {
      stopping = true;
      await Promise.all([operations.settle(), work.settle()]);
    },
  };
}
