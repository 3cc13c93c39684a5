export { JobError, type JobErrorName } from './errors.js';
export { createInitialize, type InitializeDependencies } from './initialize.js';
export type { Log, LogEntry } from './log.js';
