import type { EngineContext, Service } from '../kernel/service.js';
import type { Executor } from './batch/executor.js';
import type { Resources } from './batch/scheduler.js';
import { createBatchService } from './batch/service.js';
import { createCloudFormationService } from './cloudformation/service.js';
import { createEventsService } from './events/service.js';
import { createLambdaService } from './lambda/service.js';
import { createLogsService } from './logs/service.js';
import { createS3Service } from './s3/service.js';
import { createSecretsManagerService } from './secrets-manager/service.js';
import { createSnsService } from './sns/service.js';
import { createSqsService } from './sqs/service.js';
import { createStatesService } from './states/service.js';
import { createStsService } from './sts/service.js';

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
export type ServiceFactory = (context: EngineContext, options: ServiceOptions) => Service;

/**
 * All services of the embedded engine, in the order in which they start: what others build upon comes first. They stop
 * in reverse.
 */
export const serviceFactories: readonly ServiceFactory[] = [
  createS3Service,
  createSqsService,
  createSnsService,
  createLogsService,
  createSecretsManagerService,
  createStsService,
  createLambdaService,
  createEventsService,
  createBatchService,
  createStatesService,
  createCloudFormationService,
];
