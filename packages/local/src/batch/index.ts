export { type BatchOptions, createBatchService } from './batch-service.js';
export { batchRoutes } from './routes.js';
