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

/** Options that an engine passes to its services in addition to the context. */
export interface ServiceOptions {
  readonly executor: Executor;
  /** In the form of `DOCKER_HOST`. */
  readonly containerEngine?: string;
  /** Resources shared by all jobs. */
  readonly capacity: Resources;
}

/** Creates one of an engine's services. */
export type ServiceFactory = (context: EngineContext, options: ServiceOptions) => Service;

/** The services that all regions share, as in AWS: the name of a bucket is taken everywhere. */
export const globalServices: ReadonlySet<ServiceFactory> = new Set<ServiceFactory>([createS3Service, createStsService]);

/** All services of the embedded engine, in start order: dependencies come first. They stop in reverse order. */
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
