import { join } from 'node:path';
import type { EngineContext, Service } from '../../kernel/service.js';
import { aliasOperations } from './aliases.js';
import { AsyncQueue } from './async-queue.js';
import { eventInvokeConfigOperations } from './event-invoke-configs.js';
import { WorkerFleet } from './fleet.js';
import { functionSettingOperations } from './function-settings.js';
import { functionOperations } from './functions.js';
import { invokeOperations } from './invoke.js';
import { permissionOperations } from './permissions.js';
import { FunctionRegistry } from './registry.js';
import { versionOperations } from './versions.js';
import { sweepCode } from './zip.js';

export { lambdaRoutes } from './routes.js';

/**
 * AWS Lambda: functions from zip files, versions, aliases with weights, and calls, each version's bundle in worker
 * threads of its own.
 */
export function createLambdaService(context: EngineContext): Service {
  const codeDirectory = join(context.directory, 'lambda', 'code');
  const registry = new FunctionRegistry(context);
  sweepCode(codeDirectory, (digest) => registry.usesCode(digest));
  const fleet = new WorkerFleet(context, codeDirectory);
  const queue = new AsyncQueue(context, registry, fleet);
  return {
    name: 'lambda',
    operations: {
      ...functionOperations(context, registry, fleet, queue, codeDirectory),
      ...versionOperations(registry),
      ...aliasOperations(registry),
      ...permissionOperations(registry),
      ...eventInvokeConfigOperations(registry),
      ...functionSettingOperations(registry),
      ...invokeOperations(registry, fleet, queue),
    },
    start: () => queue.start(),
    async stop() {
      queue.stop();
      await fleet.stop();
    },
  };
}
