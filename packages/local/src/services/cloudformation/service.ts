import type { EngineContext, Service } from '../../kernel/service.js';
import { operationTable } from '../../operation.js';
import { changeSetOperations } from './operations/change-sets.js';
import { descriptionOperations } from './operations/descriptions.js';
import { stackOperations } from './operations/stacks.js';
import { templateOperations } from './operations/templates.js';
import { resourceType } from './resources/registry.js';
import { ChangeSetWork } from './stack/change-set-work.js';
import { Operations } from './stack/operations.js';
import { StackStore } from './stack/store.js';
import { resourceTools, type World } from './stack/world.js';

/** AWS CloudFormation: stacks, change sets and macros, with resources from the engine's services. */
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
    operations: operationTable(
      stackOperations(world, operations),
      changeSetOperations(world, operations, work),
      descriptionOperations(world),
      templateOperations(world),
    ),
    query: { namespace: 'http://cloudformation.amazonaws.com/doc/2010-05-15/' },
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
