import { createLambdaService, lambdaRoutes } from './lambda/index.js';
import type { EngineContext, Service } from './service.js';
import type { Route } from './wire/route.js';

/** How commands of Batch jobs run: in containers of the Docker Engine, or as processes of this machine. */
export type Executor = 'docker' | 'process';

/** What an engine gives to a service beside the context. */
export interface ServiceOptions {
  readonly executor: Executor;
}

/** How an engine makes one of its services. */
export interface ServiceFactory {
  /** The route table of a REST-JSON service. */
  readonly routes?: readonly Route[];
  create(context: EngineContext, options: ServiceOptions): Service;
}

/**
 * All services of the embedded engine, in the order in which they start: what others build upon comes first. They stop
 * in reverse.
 */
export const serviceFactories: readonly ServiceFactory[] = [
  { create: createLambdaService, routes: lambdaRoutes },
];
