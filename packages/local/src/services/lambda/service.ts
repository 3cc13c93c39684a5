import { join } from 'node:path';
import type { EngineContext, Service } from '../../kernel/service.js';
import { type Operations, operationTable, type RequestContext } from '../../operation.js';
import { lambdaAccess } from './access.js';
import { AsyncQueue } from './async-queue.js';
import { EventSourcePollers } from './event-sources/pollers.js';
import { WorkerFleet } from './fleet.js';
import { refuseOtherRegion } from './function-reference.js';
import { aliasOperations } from './operations/aliases.js';
import { eventInvokeConfigOperations } from './operations/event-invoke-configs.js';
import { eventSourceMappingOperations } from './operations/event-source-mappings.js';
import { functionSettingOperations } from './operations/function-settings.js';
import { functionOperations } from './operations/functions.js';
import { invokeOperations } from './operations/invoke.js';
import { permissionOperations } from './operations/permissions.js';
import { versionOperations } from './operations/versions.js';
import { FunctionRegistry } from './registry.js';
import { sweepCode } from './zip.js';

/**
 * AWS Lambda: functions from zip files, versions, aliases with weights, and invocations, with separate worker threads
 * for each version's bundle.
 */
export function createLambdaService(context: EngineContext): Service {
  const codeDirectory = join(context.directory, 'lambda', 'code');
  const registry = new FunctionRegistry(context);
  sweepCode(codeDirectory, (digest) => registry.usesCode(digest));
  const fleet = new WorkerFleet(context, codeDirectory);
  const queue = new AsyncQueue(context, registry, fleet);
  const pollers = new EventSourcePollers(context, registry, fleet);
  return {
    name: 'lambda',
    operations: inRegion(
      context,
      operationTable(
        functionOperations(context, registry, fleet, queue, codeDirectory),
        versionOperations(registry),
        aliasOperations(registry),
        permissionOperations(registry),
        eventInvokeConfigOperations(registry),
        eventSourceMappingOperations(context, registry, pollers),
        functionSettingOperations(registry),
        invokeOperations(registry, fleet, queue),
      ),
    ),
    access: lambdaAccess(context, registry),
    start() {
      queue.start();
      pollers.start();
    },
    async stop() {
      queue.stop();
      pollers.stop();
      await fleet.stop();
    },
  };
}

function inRegion({ region }: EngineContext, operations: Operations): Operations {
  const checked = [...operations.values()].map((operation) => ({
    ...operation,
    run: (input: unknown, request: RequestContext) => {
      refuseOtherRegion(input, region);
      return operation.run(input, request);
    },
  }));
  return operationTable(checked);
}
