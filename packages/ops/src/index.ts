export type { BatchJob, JobAttempt } from './batch-job.js';
export type { BranchCounts, FailedBranch } from './branches.js';
export { type ClientOptions, type Clients, createClients, destroyClients } from './clients.js';
export { defaultInstallation, type InstalledCore, readCore } from './core.js';
export type { DeadLetter } from './dead-letters/dead-letter.js';
export {
  type DeadLetterOptions,
  listDeadLetters,
  type RedrivenLetter,
  type RedriveOptions,
  redriveDeadLetters,
} from './dead-letters/dead-letters.js';
export { type DeployOptions, type DeployResult, deploy } from './deploy.js';
export type { DeploymentRequest } from './deployment.js';
export { type DestroyOptions, destroy, findRemains, type Remains } from './destroy.js';
export type { StepLogLine } from './execution-log.js';
export {
  type Execution,
  type ExecutionStatus,
  type ExecutionsOptions,
  executionStatuses,
  listExecutions,
} from './executions.js';
export { explainError } from './explain-error.js';
export type { Detour, Failure } from './failure.js';
export { type ExecutionDescription, findExecution } from './find-execution.js';
export { type HistoryEntry, readHistory, type WorkflowHistory } from './history.js';
export type { StepImage } from './images.js';
export {
  type Bundles,
  type CodeKeys,
  type InstallOptions,
  type InstallProgress,
  type InstallResult,
  install,
  type UninstallOptions,
  uninstall,
} from './install.js';
export type { LogLine } from './job-log.js';
export type { Live } from './launcher-function.js';
export { type LogsOptions, readLogs } from './logs.js';
export {
  downloadFile,
  downloadFolder,
  ensureBucket,
  listObjects,
  readText,
  requireS3Uri,
  uploadFile,
} from './objects.js';
export type { PastDeployment } from './past-deployments.js';
export type { StepChange, ViewDifference } from './plan/compare-views.js';
export type { FieldChange } from './plan/fields.js';
export { type Plan, plan } from './plan/plan.js';
export type { StepKind } from './plan/workflow-view.js';
export { type PollOptions, poll } from './poll.js';
export { defaultKeep, type KeptBecause, type PruneOptions, type PruneResult, prune } from './prune.js';
export { type RedriveExecutionOptions, type RedriveResult, redrive } from './redrive.js';
export { findResources, type VersionResources, type WorkflowResources } from './resources.js';
export { type MoveResult, promote, rollback } from './rollback.js';
export type { StackState } from './stack.js';
export type { StackEvent } from './stack-events.js';
export type { StateMachine } from './state-machine.js';
export {
  type JobStatus,
  readStatus,
  type StatusOptions,
  type StepReport,
  type WaitOptions,
  waitForEnd,
} from './status.js';
export type { StepRun } from './steps.js';
export {
  type JobFileToSubmit,
  type LaunchedJob,
  type LaunchOptions,
  type SubmitOptions,
  type SubmittedJob,
  submit,
  waitForLaunch,
} from './submit.js';
export {
  type CheckedTemplate,
  type CheckOptions,
  checkPinnedTemplate,
  checkTemplate,
  TemplateError,
} from './template.js';
export { listVersions, type Version, type VersionTable } from './versions.js';
export { type WatchOptions, watchJobs } from './watch.js';
export { checkName } from './workflow-name.js';
