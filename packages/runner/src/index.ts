export { type Execution, type JobArguments, parseArguments } from './arguments.js';
export { createDockerExecutor, type DockerExecutorOptions } from './executors/docker-executor.js';
export type { CommandEnd, CommandRequest, Executor, Limits, RunningCommand } from './executors/executor.js';
export { createProcessExecutor } from './executors/process-executor.js';
export { createLog, type LogFields, type LogLevel, type RunnerLog, userLinePrefix } from './log.js';
export { type RunnerParts, runJob } from './run-job.js';
export { type ExecutorName, readSettings, type Settings } from './settings.js';
export type { StepImage } from './step-plan.js';
export { Stopped, type StopSignal } from './stopped.js';
export type {
  Attributes,
  Checksum,
  ListedObject,
  ObjectInfo,
  ObjectStore,
  OpenedObject,
} from './storage/object-store.js';
export { createS3ObjectStore } from './storage/s3-object-store.js';
export type { FromServer, ServedJob } from './warm/messages.js';
