import { basename, join } from 'node:path';
import {
  type Clients,
  downloadFolder,
  ensureBucket,
  type JobStatus,
  requireS3Uri,
  submit,
  uploadFile,
  watchJobs,
} from '@bclaw/ops';
import { BclawError, isSystemFile, parse, substitute } from '@bclaw/spec';
import { given } from '@bclaw/spec/given';
import { accessControl } from '../access-control.js';
import { connectToEngine } from '../connection.js';
import type { runCommand } from '../declarations/engine.js';
import type { OptionsOf } from '../declarations/options.js';
import { findEngineAbove } from '../engine-file.js';
import { chooseExecutor, executorSentence } from '../executor.js';
import { Exit, exitCode, UsageError } from '../failure.js';
import { checkOutputFolder, readInputText } from '../input-file.js';
import { whileWatching } from '../interruption.js';
import { jobStatusText } from '../job-lines.js';
import { showingProgress } from '../progress/job-progress.js';
import { readTemplate } from '../templates.js';
import type { Terminal } from '../terminal.js';
import { workflowNameFor } from '../workflow-name.js';
import { deployTemplate } from './deploy.js';
import { goesOn } from './submit.js';

type RunOptions = OptionsOf<typeof runCommand>;

interface RunResult {
  readonly status: JobStatus;
  /** `s3://…`; absent when the job file does not determine it. */
  readonly repository?: string;
  /** Relative to the output folder. */
  readonly files: readonly string[];
}

/** `bclaw run`: one job from template to outputs, on the running engine or on a temporary one. */
export async function run(file: string, options: RunOptions, terminal: Terminal): Promise<void> {
  const uploads = (options.put ?? []).map(parseUpload);
  await checkOutputFolder(options.out);
  const running = await findEngineAbove();
  let result: RunResult;
  if (running !== undefined) {
    terminal.note(executorSentence(running.executor));
    if (options.executor !== undefined && options.executor !== running.executor)
      terminal.warn(
        `the engine that runs here decides; --executor ${options.executor} is for an engine just for this job`,
      );
    result = await runOn(connectToEngine(running).clients, file, uploads, options, terminal);
  } else {
    const chosen = await chooseExecutor(options);
    terminal.note(executorSentence(chosen.executor, chosen.containerEngine));
    terminal.progress('starting an engine');
    const { withEphemeralEngine } = await import('../ephemeral-engine.js');
    result = await withEphemeralEngine(
      { ...chosen, ...accessControl(options.iam, terminal) },
      ({ connection, signal }) => runOn(connection.clients, file, uploads, options, terminal, signal),
    );
  }
  terminal.endProgress();
  const { status, files } = result;
  const paths = files.map((name) => join(options.out, name));
  if (options.json === true) terminal.json({ ...result, files: paths });
  else {
    terminal.note(jobStatusText(status, terminal.noteStyle));
    if (paths.length > mostPaths) terminal.data(`${options.out}: ${paths.length} files`);
    else for (const path of paths) terminal.data(path);
  }
  if (status.status !== 'SUCCEEDED') throw new Exit(exitCode.failed);
}

/** More output files than this are a count and a folder: they would push the table of the steps away. */
const mostPaths = 20;

interface Upload {
  readonly file: string;
  readonly uri: string;
}

function parseUpload(option: string): Upload {
  const at = option.indexOf('=s3://');
  if (at < 1)
    throw new UsageError(`--put ${option}: that is not a file and where it goes.`, 'Write --put file=s3://bucket/key.');
  return { file: option.slice(0, at), uri: option.slice(at + 1) };
}

async function runOn(
  clients: Clients,
  file: string,
  uploads: readonly Upload[],
  options: RunOptions,
  terminal: Terminal,
  signal?: AbortSignal,
): Promise<RunResult> {
  const [template, job] = await Promise.all([readTemplate(file), readInputText(options.job)]);
  const workflow = options.name ?? workflowNameFor(file);
  await deployTemplate(clients, { workflow, file, template, parameters: options.parameter ?? {} }, terminal);
  for (const { file: path, uri } of uploads) {
    const to = requireS3Uri(uri);
    await ensureBucket(clients, to.bucket);
    await uploadFile(clients, path, to);
  }
  const repository = repositoryOf(template, options.parameter ?? {}, job);
  if (repository !== undefined) await ensureBucket(clients, requireS3Uri(repository).bucket);

  const [submitted] = await submit(clients, { workflow, files: [{ name: basename(options.job), body: job }] });
  if (submitted === undefined) throw new BclawError('unexpected', 'The job was not submitted.');
  const names = [submitted.executionName];
  const watch = () =>
    showingProgress(terminal, (onProgress) =>
      watchJobs(clients, { workflow, executionNames: names, onProgress, ...given({ signal }) }),
    );
  // A temporary engine ends with the job, and reports that itself.
  const [status] = signal === undefined ? await whileWatching(terminal, goesOn(names), watch) : await watch();
  if (status === undefined) throw new BclawError('unexpected', 'The job has no execution.');
  const files = repository === undefined ? [] : await downloadFolder(clients, requireS3Uri(repository), options.out);
  return {
    status,
    ...given({ repository }),
    files: files.filter((name) => !isSystemFile(name)),
  };
}

/**
 * Destination of the job's files. A job file that is not JSON or lacks a value is left to the execution to reject.
 */
function repositoryOf(template: string, parameters: Readonly<Record<string, string>>, job: string): string | undefined {
  const { workflow } = parse(template, { parameters });
  if (workflow === undefined) return undefined;
  try {
    return substitute(workflow.repository, { job: JSON.parse(job), scatter: {}, parent: {} });
  } catch {
    return undefined;
  }
}
