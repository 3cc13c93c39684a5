export { AwsError } from './aws-error.js';
export { findContainerEngine } from './container-engine.js';
export { type Engine, type EngineOptions, type EngineRecord, startEngine } from './engine.js';
export { removeEngineDirectory } from './remove-directory.js';
export type { Log } from './service.js';
export type { Executor } from './services.js';
