import type { EngineContext, Service } from '../../kernel/service.js';
import { operationTable } from '../../operation.js';
import { cloudFormationAccess } from './access.js';
import { changeSetOperations } from './operations/change-sets.js';
import { descriptionOperations } from './operations/descriptions.js';
import { stackOperations } from './operations/stacks.js';
import { templateOperations } from './operations/templates.js';
import { adoptRecordedRoles } from './resources/iam/adopt-recorded.js';
import { resourceType } from './resources/registry.js';
import { ChangeSetWork } from './stack/change-set-work.js';
import { Operations } from './stack/operations.js';
import { StackStore } from './stack/store.js';
import type { World } from './stack/world.js';

/** AWS CloudFormation: stacks, change sets and macros, with resources from the engine's services. */
export function createCloudFormationService(context: EngineContext): Service {
  let stopping = false;
  const store = new StackStore(context);
  const world: World = {
    context,
    store,
    resourceType,
    stopping: () => stopping,
  };
  if (context.iam !== undefined) adoptRecordedRoles(store.allResources(), context.iam, context.log);
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
    access: cloudFormationAccess(context, store),
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
