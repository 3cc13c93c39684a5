export { LaunchRefused } from './errors.js';
export { executionName, pinnedPrefix } from './execution-name.js';
export { type JobFile, jobFileFromEvent } from './job-file.js';
export { noteStarted, type StartedJob } from './launch-record.js';
export {
  createLauncher,
  type Launcher,
  type LauncherConfig,
  type LauncherOptions,
  type LaunchLogEntry,
  type LaunchResult,
} from './launcher.js';
export type { InvocationContext } from './target.js';
