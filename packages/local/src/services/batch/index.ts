export { type BatchOptions, createBatchService } from './batch-service.js';
export { batchRoutes } from './routes.js';
export type { Resources } from './scheduler.js';
export { thisMachine } from './this-machine.js';
