export { isAlive, type ProcessIdentity } from '@bclaw/runner/machine';
export { findContainerEngine } from './kernel/container-engine.js';
export { type Engine, type EngineOptions, type EngineRecord, startEngine } from './kernel/engine.js';
export { engineProcess, lockFileName } from './kernel/engine-lock.js';
export type { Rate } from './kernel/rates/aws-rates.js';
export { removeEngineDirectory } from './kernel/remove-directory.js';
export type { Log } from './kernel/service.js';
export type { Executor } from './services/index.js';
export { AwsError } from './wire/aws-error.js';
