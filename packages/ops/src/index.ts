export type { BatchJob, JobAttempt } from './aws/batch-job.js';
export { type ClientOptions, type Clients, createClients, destroyClients } from './aws/clients.js';
export { explainError } from './aws/explain-error.js';
export {
  downloadFile,
  downloadFolder,
  ensureBucket,
  listObjects,
  readText,
  requireS3Uri,
  uploadFile,
} from './aws/objects.js';
export { type PollOptions, poll } from './aws/poll.js';
export type { StackState } from './aws/stack.js';
export type { StackEvent } from './aws/stack-events.js';
export type { StateMachine } from './aws/state-machine.js';
export type { DeadLetter } from './dead-letters/dead-letter.js';
export {
  type DeadLetterOptions,
  listDeadLetters,
  type RedrivenLetter,
  type RedriveOptions,
  redriveDeadLetters,
} from './dead-letters/dead-letters.js';
export { type InstalledCore, readCore } from './deploy/core.js';
export { type DeployOptions, type DeployResult, deploy } from './deploy/deploy.js';
export type { DeploymentRequest } from './deploy/deployment.js';
export { type DestroyOptions, destroy, findRemains, type Remains } from './deploy/destroy.js';
export {
  type Bundles,
  type CodeKeys,
  codeKeysOf,
  type InstallOptions,
  type InstallProgress,
  type InstallResult,
  install,
  type UninstallOptions,
  uninstall,
} from './deploy/install.js';
export { checkPinnedTemplate } from './deploy/pinned-template.js';
export { type CheckedTemplate, type CheckOptions, checkTemplate, TemplateError } from './deploy/template.js';
export { checkName } from './deploy/workflow-name.js';
export { type DiagnoseOptions, diagnose } from './doctor/diagnose.js';
export type { Examined, Finding } from './doctor/finding.js';
export type { BranchCounts, FailedBranch } from './jobs/branches.js';
export type { LogSelection, StepLogLine } from './jobs/execution-log.js';
export {
  type Execution,
  type ExecutionStatus,
  type ExecutionsOptions,
  executionStatuses,
  listExecutions,
} from './jobs/executions.js';
export type { Detour, Failure } from './jobs/failure.js';
export { type ExecutionDescription, findExecution } from './jobs/find-execution.js';
export type { LogLine, LogRange } from './jobs/job-log.js';
export { type LogsOptions, readLogs } from './jobs/logs.js';
export type { StepWarning } from './jobs/notes.js';
export { type RedriveExecutionOptions, type RedriveResult, redrive } from './jobs/redrive.js';
export { type ExecutionReport, type MeasuredAttempt, readReport, type StepUsage } from './jobs/report.js';
export {
  type BranchNotes,
  type JobStatus,
  readStatus,
  type StatusOptions,
  type StepReport,
  type WaitOptions,
  waitForEnd,
} from './jobs/status.js';
export type { StepRun } from './jobs/steps.js';
export { requireRunning, type StopOptions, type StopResult, stop } from './jobs/stop.js';
export {
  type JobFileToSubmit,
  type LaunchedJob,
  type LaunchOptions,
  type SubmitOptions,
  type SubmittedJob,
  submit,
  waitForLaunch,
} from './jobs/submit.js';
export { type WatchOptions, watchJobs } from './jobs/watch.js';
export type { StepChange, ViewDifference } from './plan/compare-views.js';
export type { FieldChange } from './plan/fields.js';
export { type Plan, plan } from './plan/plan.js';
export type { StepKind } from './plan/workflow-view.js';
export type { VersionHealth } from './versions/health.js';
export { type HistoryEntry, readHistory, type WorkflowHistory } from './versions/history.js';
export type { StepImage } from './versions/images.js';
export type { Leftovers } from './versions/leftovers.js';
export type { Live } from './versions/live.js';
export type { PastDeployment } from './versions/past-deployments.js';
export { defaultKeep, type KeptBecause, type PruneOptions, type PruneResult, prune } from './versions/prune.js';
export { findResources, type VersionResources, type WorkflowResources } from './versions/resources.js';
export { type MoveResult, promote, rollback } from './versions/rollback.js';
export { listVersions, type Version, type VersionsOptions, type VersionTable } from './versions/versions.js';
export {
  defaultFailedWithinMs,
  listWorkflows,
  type WorkflowSummary,
  type WorkflowsOptions,
} from './versions/workflows.js';
