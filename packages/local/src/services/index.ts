import type { EngineContext, Service } from '../kernel/service.js';
import type { Route } from '../wire/route.js';
import type { OwnProtocols } from '../wire/server.js';
import type { Executor } from './batch/executor.js';
import { batchRoutes, createBatchService, type Resources } from './batch/index.js';
import { createCloudFormationService } from './cloudformation/index.js';
import { createEventsService } from './events/index.js';
import { createLambdaService, lambdaRoutes } from './lambda/index.js';
import { createLogsService } from './logs/index.js';
import { createS3Service } from './s3/index.js';
import { createSecretsManagerService } from './secrets-manager/index.js';
import { createSnsService } from './sns/index.js';
import { createSqsService, sqsProtocols } from './sqs/index.js';
import { createStatesService } from './states/index.js';
import { createStsService } from './sts/index.js';

export type { Executor };

/** What an engine gives to a service beside the context. */
export interface ServiceOptions {
  readonly executor: Executor;
  /** As `DOCKER_HOST` names it. */
  readonly containerEngine?: string;
  /** What jobs may use together. */
  readonly capacity: Resources;
}

/** How an engine makes one of its services. */
export interface ServiceFactory {
  /** The route table of a REST-JSON service. */
  readonly routes?: readonly Route[];
  /** The protocols of a service that departs from the common ones. */
  readonly protocols?: OwnProtocols;
  create(context: EngineContext, options: ServiceOptions): Service;
}

/**
 * All services of the embedded engine, in the order in which they start: what others build upon comes first. They stop
 * in reverse.
 */
export const serviceFactories: readonly ServiceFactory[] = [
  { create: createS3Service },
  { create: createSqsService, protocols: sqsProtocols },
  { create: createSnsService },
  { create: createLogsService },
  { create: createSecretsManagerService },
  { create: createStsService },
  { create: createLambdaService, routes: lambdaRoutes },
  { create: createEventsService },
  { create: createBatchService, routes: batchRoutes },
  { create: createStatesService },
  { create: createCloudFormationService },
];
