export type { JobFile } from '@bclaw/spec/contract';
export { LaunchRefused } from './errors.js';
export { executionName } from './execution-name.js';
export { jobFileFromEvent } from './job-file.js';
export { noteStarted, type StartedJob } from './launch-record.js';
export {
  createLauncher,
  type Launcher,
  type LauncherConfig,
  type LauncherOptions,
  type LaunchLogEntry,
  type LaunchResult,
} from './launcher.js';
export type { BatchResponse } from './queue/launch-messages.js';
export type { InvocationContext } from './target.js';
