import { argv, env, exit, stdout } from 'node:process';
import { parseArguments } from './arguments.js';
import type { Executor } from './executors/executor.js';
import { createLog } from './log.js';
import { reportError, runJob, runnerErrorExitCode } from './run-job.js';
import { readSettings, type Settings } from './settings.js';
import { Stopped, type StopSignal } from './stopped.js';
import { createS3ObjectStore } from './storage/s3-object-store.js';

const log = createLog(
  (line) => stdout.write(line),
  () => new Date(),
);
const stopping = new AbortController();

const stopWith = (signal: StopSignal) => stopping.abort(new Stopped(signal));
process.on('SIGTERM', stopWith);
process.on('SIGINT', stopWith);
// Nobody listens any more: whoever started this job is gone, and so should the job be.
stdout.on('error', () => stopWith('SIGTERM'));

/** Only what a job uses is loaded: the container engine's client stays out of a job that needs none. */
async function executorOf(settings: Settings): Promise<Executor> {
  const { createProcessExecutor } = await import('./executors/process-executor.js');
  return createProcessExecutor(settings);
}

async function main(): Promise<number> {
  try {
    const settings = readSettings(env);
    const job = parseArguments(argv.slice(2));
    const executor = await executorOf(settings);
    return await runJob(job, {
      settings,
      store: createS3ObjectStore(),
      executor,
      log,
      stop: stopping.signal,
      environment: env,
    });
  } catch (error) {
    reportError(log, error);
    return runnerErrorExitCode;
  }
}

const exitCode = await main();
// Connections that S3 keeps open would hold the process for seconds.
stdout.write('', () => exit(exitCode));
