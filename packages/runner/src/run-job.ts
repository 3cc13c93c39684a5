import { join } from 'node:path/posix';
import { mainIndex, qcStopExitCode } from '@bclaw/spec/contract';
import { given } from '@bclaw/spec/given';
import { BclawError, type CommandFiles, type EarlierFiles, formatS3Uri, leftByEarlierRun } from '@bclaw/spec/run-time';
import pLimit from 'p-limit';
import type { JobArguments } from './arguments.js';
import { type Deadline, startDeadline, waitForTurn } from './attempt.js';
import { ReferenceCache } from './cache/reference-cache.js';
import { commandEnvironment, hostVariables } from './environment.js';
import type { CommandEnd, Executor } from './executors/executor.js';
import { exitCodeOfError, isRunnersOwn } from './exit-codes.js';
import { LineSplitter } from './lines.js';
import type { RunnerLog } from './log.js';
import { type RunnerJob, readRunnerJob } from './runner-job.js';
import type { Settings } from './settings.js';
import { earlierFilesOf } from './stages/earlier-files.js';
import { fingerprintOf } from './stages/fingerprint.js';
import { stageInputs } from './stages/inputs.js';
import { AttemptMeasures } from './stages/measures.js';
import { writeNote } from './stages/notes.js';
import { type MissingOutput, type UploadedOutputs, uploadOutputs } from './stages/outputs.js';
import { referenceFiles, stageReferences } from './stages/references.js';
import { commandFiles, scriptOf, shellCommand, writeScript } from './stages/script.js';
import { markComplete, skipDecision } from './stages/skip.js';
import { makeWorkspace, type Workspace } from './stages/workspace.js';
import { outputLocation, type PlannedOutput, planStep, type StepPlan } from './step-plan.js';
import { exitCodeOf, Stopped, type StopSignal } from './stopped.js';
import { diskFull, isDiskFull } from './storage/disk-full.js';
import type { Transfers } from './storage/download.js';
import type { ObjectStore } from './storage/object-store.js';

/** Number of concurrent requests to S3. */
const parallelTransfers = 16;

/** AWS Batch kills a job 30 seconds after the stop signal; the commands get 20 of them. */
const lastUploadMs = 8_000;

/** Nobody kills a job at once that the runner itself ends for its timeout. */
const lastUploadAfterTimeoutMs = 60_000;

/** The external services and settings of a job. */
export interface RunnerParts {
  readonly settings: Settings;
  readonly store: ObjectStore;
  readonly executor: Executor;
  readonly log: RunnerLog;
  /** Stops the job's execution after a failed QC check. */
  stopExecution(executionArn: string, error: string, cause: string): Promise<void>;
  /** Aborted with a {@link StopSignal} as its reason when the job must stop. */
  readonly stop: AbortSignal;
  /** The runner's own environment variables. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * Runs a step's job from the skip check to the upload of its outputs, and leaves nothing on the host.
 *
 * @returns the exit code: that of the commands; 0 when the step was skipped; 199 when the runner failed or the time was
 * over, with a sentence in the log, and 197 when every attempt would fail like that; 198 when a QC check stopped the
 * execution; 128 + signal when the job was stopped
 */
export async function runJob(given: JobArguments, parts: RunnerParts): Promise<number> {
  const { log, settings } = parts;
  const measures = new AttemptMeasures();
  let deadline: Deadline | undefined;
  let job: RunnerJob | undefined;
  let exitCode: number;
  try {
    await measures.time('wait', () => waitForTurn(settings, log, parts.stop));
    deadline = startDeadline(settings, parts.stop);
    job = await readRunnerJob(parts.store, given);
    const ended = await runStages(job, { ...parts, stop: deadline.stop, measures });
    if (ended === 'skipped') return 0;
    exitCode = ended;
  } catch (error) {
    const signal = stopSignalOf(parts.stop);
    const reason = deadline?.error() ?? error;
    if (signal === undefined) reportError(log, reason);
    else log.warning('Stopped.', { signal });
    exitCode = signal === undefined ? exitCodeOfError(reason) : exitCodeOf(signal);
  } finally {
    deadline?.cancel();
  }
  if (job !== undefined) await measures.write(job, exitCode, parts);
  return exitCode;
}

/** Logs an error: a sentence for an expected one, the stack only for an unexpected one. */
export function reportError(log: RunnerLog, error: unknown): void {
  if (error instanceof BclawError) log.error(error.message, { code: error.code, ...given({ hint: error.hint }) });
  else if (isDiskFull(error)) reportError(log, diskFull(error));
  else if (error instanceof Error)
    log.error(`The runner failed: ${error.message}`, { code: 'runner-failed', stack: error.stack });
  else log.error(`The runner failed: ${String(error)}`, { code: 'runner-failed' });
}

/** The parts of a job that runs. */
interface RunningParts extends RunnerParts {
  readonly measures: AttemptMeasures;
}

async function runStages(job: RunnerJob, parts: RunningParts): Promise<number | 'skipped'> {
  const { settings, store, log, stop, measures } = parts;
  const { data } = job;
  const plan = planStep(job);
  const earlier = earlierFilesOf(store, job);
  const fingerprint = job.step.skip === 'rerun' ? await fingerprintOf(store, job, plan, earlier) : undefined;
  const decision = await skipDecision(store, job, settings.stepName, plan, fingerprint);
  const { reason } = decision;
  if (decision.skips) {
    log.info(`Skipped: ${reason}.`, { stage: 'skip', code: 'skipped' });
    // The next steps must know that its files are this execution's, too.
    await markComplete(store, job, settings.stepName, fingerprint, decision.outputs);
    await writeNote({ kind: 'skipped' }, job, parts);
    return 'skipped';
  }
  if (reason !== undefined) log.info(`Not skipped: ${reason}.`, { stage: 'skip' });
  stop.throwIfAborted();
  const workspace = await makeWorkspace(settings.scratchPath, data);
  try {
    const transfers: Transfers = { store, limit: pLimit(parallelTransfers), stop };
    const files = await measures.time('inputs', () => stage(plan, earlier, workspace, transfers, parts));
    await writeScript(workspace.scriptFile, scriptOf(job.step, data, files));

    const end = await measures.time('commands', () => runCommands(job, plan, workspace, parts));
    measures.usage = end.usage ?? {};
    if (stop.aborted) {
      await measures.time('outputs', () => uploadInTime(job, plan.outputs, workspace, transfers, parts));
      stop.throwIfAborted();
    }
    // Before the upload, so that a check that cannot be evaluated fails the job; outputs are uploaded all the same.
    const checked = await qcOf(job, workspace, end);
    const { missing, written } = await measures.time('outputs', () =>
      upload(job, plan.outputs, workspace, transfers, end, parts),
    );
    if (checked instanceof Error) throw checked;
    if (checked.length > 0) return await stopForQc(job, checked, parts);
    if (end.exitCode === 0) await checkOutputs(missing, job, parts);
    if (end.exitCode === 0) await markComplete(store, job, settings.stepName, fingerprint, written);
    return jobExitCode(end.exitCode, log);
  } finally {
    await removeWorkspace(workspace, log);
  }
}

/** The exit code of the commands, unless a job's exit code has another meaning than theirs. */
function jobExitCode(exitCode: number, log: RunnerLog): number {
  if (!isRunnersOwn(exitCode)) return exitCode;
  log.warning(`The job ends with exit code 1, because ${exitCode} is the runner's own.`, { stage: 'commands' });
  return 1;
}

/** Files that the commands created as another user may resist removal; that must not lose their result. */
async function removeWorkspace(workspace: Workspace, log: RunnerLog): Promise<void> {
  try {
    await workspace.remove();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    log.warning(`Something of the workspace stays behind: ${reason}.`, {
      hint: `Remove ${workspace.mount} as root, or have the image run its commands as your user.`,
    });
  }
}

/** Stages all the files that the commands need, concurrently; the first failure cancels the rest. */
async function stage(
  plan: StepPlan,
  earlier: EarlierFiles,
  workspace: Workspace,
  { store, limit, stop }: Transfers,
  { executor, log, settings, measures }: RunningParts,
): Promise<CommandFiles> {
  const failed = new AbortController();
  const transfers: Transfers = { store, limit, stop: AbortSignal.any([stop, failed.signal]) };
  const cache = new ReferenceCache(settings.scratchPath, transfers, log);
  const shared = referenceFiles(plan.references);
  try {
    const prepare = () => orStopped(executor.prepare(plan.image), stop);
    const [inputs, , imageDigest] = await Promise.all([
      stageInputs(transfers, plan.inputs, earlier, shared, workspace.directory),
      stageReferences(cache, shared, workspace.directory, executor.protectsFiles ? 'link' : 'copy'),
      measures.time('image', prepare),
    ]);
    for (const uri of inputs.leftOut)
      log.warning(`An optional input is missing: ${leftByEarlierRun(uri)}.`, { stage: 'inputs' });
    measures.inputBytes = inputs.bytes;
    if (imageDigest !== undefined) measures.imageDigest = imageDigest;
    log.info('Staged the inputs.', { stage: 'inputs', objects: inputs.objects, bytes: inputs.bytes });
    return commandFiles(plan, inputs.files);
  } catch (error) {
    failed.abort(error);
    throw error;
  }
}

/** A container engine may take minutes for an image and offers no way to cancel. */
async function orStopped<T>(work: Promise<T>, stop: AbortSignal): Promise<T> {
  const settled = new AbortController();
  const stopped = new Promise<never>((_resolve, reject) => {
    stop.addEventListener('abort', () => reject(stop.reason), { once: true, signal: settled.signal });
  });
  return await Promise.race([work, stopped]).finally(() => settled.abort());
}

async function runCommands(
  job: RunnerJob,
  plan: StepPlan,
  workspace: Workspace,
  parts: RunnerParts,
): Promise<CommandEnd> {
  const { settings, executor, log, stop } = parts;
  stop.throwIfAborted();
  const lines = new LineSplitter((line) => log.user(line));
  const startedAt = performance.now();
  const running = await executor.start({
    command: shellCommand(job.step.shell, workspace.scriptFile),
    workingDirectory: workspace.directory,
    mount: workspace.mount,
    readOnlyFiles: [...new Set(plan.references.map(({ file }) => join(workspace.directory, file)))],
    environment: commandEnvironment(
      parts.environment,
      job,
      workspace,
      settings.executor === 'process' ? hostVariables : [],
    ),
    onOutput: (chunk) => lines.write(chunk),
  });
  const passOn = () => running.stop(stopSignalOf(stop) ?? 'SIGTERM');
  if (stop.aborted) passOn();
  else stop.addEventListener('abort', passOn);
  const end = await running.ended;
  stop.removeEventListener('abort', passOn);
  lines.end();
  const fields = { stage: 'commands', exitCode: end.exitCode, seconds: secondsSince(startedAt) };
  if (end.exitCode === 0) {
    // E.g. a process in the middle of a pipeline that was killed for its memory.
    if (end.reason !== undefined) log.warning(end.reason, { stage: 'commands' });
    log.info('The commands ended well.', fields);
  } else log.error(end.reason ?? `The commands failed with exit code ${end.exitCode}.`, fields);
  return end;
}

/** The conditions that are true, or the error of their evaluation; nothing is checked after a failure. */
async function qcOf(job: RunnerJob, workspace: Workspace, end: CommandEnd) {
  if (end.exitCode !== 0 || job.step.qc.length === 0) return [];
  try {
    // The expression language is a third of the program, so only a job with checks loads it.
    const { failedQcConditions } = await import('./stages/qc.js');
    return await failedQcConditions(job.step.qc, job.data, workspace.directory);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

async function stopForQc(job: RunnerJob, failed: readonly string[], { log, settings, stopExecution }: RunnerParts) {
  const where = job.index === mainIndex ? '' : ` in branch ${job.index}`;
  const cause = `The QC check of the step "${settings.stepName}"${where} stopped the job: ${failed.join('; ')}`;
  log.error(cause, { stage: 'qc', conditions: failed });
  await stopExecution(job.execution.arn, 'QcCheckFailed', cause);
  return qcStopExitCode;
}

async function upload(
  job: RunnerJob,
  outputs: readonly PlannedOutput[],
  workspace: Workspace,
  transfers: Transfers,
  end: CommandEnd,
  { log, measures, executor: { isShared } }: RunningParts,
): Promise<Pick<UploadedOutputs, 'missing' | 'written'>> {
  try {
    const { directory } = workspace;
    const { objects, bytes, ...uploaded } = await uploadOutputs(transfers, job, outputs, { directory, isShared });
    measures.outputBytes = bytes;
    log.info('Uploaded the outputs.', { stage: 'outputs', objects, bytes });
    return uploaded;
  } catch (error) {
    if (end.exitCode === 0 || transfers.stop.aborted) throw error;
    // The exit code stays the command's own, because its failure came first.
    reportError(log, error);
    return { missing: [], written: [] };
  }
}

/** A job that must end has some seconds left before it is killed. */
async function uploadInTime(
  job: RunnerJob,
  outputs: readonly PlannedOutput[],
  workspace: Workspace,
  { store, limit }: Transfers,
  { log, measures, executor: { isShared }, stop: reason }: RunningParts,
): Promise<void> {
  const stop = AbortSignal.timeout(stopSignalOf(reason) === undefined ? lastUploadAfterTimeoutMs : lastUploadMs);
  try {
    const left = { directory: workspace.directory, isShared };
    const { objects, bytes } = await uploadOutputs({ store, limit, stop }, job, outputs, left);
    measures.outputBytes = bytes;
    log.info('Uploaded what there is of the outputs.', { stage: 'outputs', objects, bytes });
  } catch (error) {
    if (!stop.aborted) reportError(log, error);
    else log.warning('Not all outputs could be uploaded before the job is killed.', { stage: 'outputs' });
  }
}

/**
 * Fails the job for a missing output, unless the step allows it: the next step would find nothing, or the file of an
 * earlier run.
 */
async function checkOutputs(missing: readonly MissingOutput[], job: RunnerJob, parts: RunnerParts): Promise<void> {
  const failures: MissingOutput[] = [];
  const { log, store } = parts;
  for (const one of missing) {
    const { output, isPartial, message, hint } = one;
    if (isPartial || (job.step.missing_outputs === 'warn' && !output.optional)) {
      log.warning(message, { stage: 'outputs', code: 'missing-output', output: output.name, hint });
      await writeNote({ kind: 'missing-output', output: output.name }, job, parts);
    } else if (!output.optional) failures.push(one);
    else if (output.glob === undefined) await refuseEarlierFile(output, store);
  }
  const [first] = failures;
  if (first === undefined) return;
  const message = failures.map((one) => one.message).join(' ');
  throw new BclawError('missing-output', message, given({ hint: first.hint }));
}

async function refuseEarlierFile(output: PlannedOutput, store: ObjectStore): Promise<void> {
  const location = outputLocation(output, output.file);
  if ((await store.head(location)) === undefined) return;
  throw new BclawError(
    'earlier-output',
    `The commands did not write the optional output "${output.name}", and ${formatS3Uri(location)} is of an earlier run, whose file the next step would take for this one's.`,
    { hint: 'Remove the file, or give each job a repository of its own.' },
  );
}

function stopSignalOf(stop: AbortSignal): StopSignal | undefined {
  return stop.reason instanceof Stopped ? stop.reason.signal : undefined;
}

function secondsSince(startedAt: number): number {
  return Math.round(performance.now() - startedAt) / 1000;
}
