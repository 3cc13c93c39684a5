import { S3Client } from '@aws-sdk/client-s3';
import { type JobArguments, parseArguments } from './arguments.js';
import { awsClientSettings } from './aws-client-settings.js';
import type { Executor } from './executors/executor.js';
import { exitCodeOfError } from './exit-codes.js';
import { createLog, type RunnerLog } from './log.js';
import { reportError, runJob } from './run-job.js';
import { readSettings, type Settings } from './settings.js';
import { watchForSpotNotice } from './spot-notice.js';
import { createS3ObjectStore } from './storage/s3-object-store.js';

/** The parts of its process that a job of the runner uses. */
export interface ProgramCall {
  /** The command line, without Node.js and the script. */
  readonly arguments: readonly string[];
  /** The process's own variables, which the AWS SDK reads too. */
  readonly environment: NodeJS.ProcessEnv;
  readonly write: (text: string | Buffer) => void;
  /** Aborted with a `Stopped` as its reason when the job must stop. */
  readonly stop: AbortSignal;
}

/** A log that writes its lines as the job's output. */
export function logOf(write: (text: string) => void): RunnerLog {
  return createLog(write, () => new Date());
}

/**
 * The entry of every job of the runner, in a container's process of its own and in a process that takes one job after
 * another.
 *
 * @returns the job's exit code; never throws
 */
export async function runProgram(call: ProgramCall): Promise<number> {
  const { environment } = call;
  const log = logOf(call.write);
  /** Aborted when the job has ended. */
  const over = new AbortController();
  try {
    if (call.arguments[0] === 'remove-orphans' && call.arguments.length === 1) return await endOrphans(log);
    const settings = readSettings(environment);
    const [first, image, ...command] = call.arguments;
    if (first === 'container' && image !== undefined) return await container(call, log, settings, image, command);
    const job = parseArguments(call.arguments);
    // ECS on EC2 does not set the region in a container; the SDK's clients need one.
    environment['AWS_REGION'] ||= job.execution.region;
    const executor = await executorOf(job, settings, log, environment);
    void watchForSpotNotice({ environment, log, signal: over.signal });
    const client = new S3Client(awsClientSettings);
    try {
      const store = createS3ObjectStore(client);
      return await runJob(job, { settings, store, executor, log, stopExecution, stop: call.stop, environment });
    } finally {
      client.destroy();
    }
  } catch (error) {
    reportError(log, error);
    return exitCodeOfError(error);
  } finally {
    over.abort();
  }
}

/** Loads code on demand: a job without containers does not load the container engine's client. */
async function executorOf(
  job: JobArguments,
  settings: Settings,
  log: RunnerLog,
  environment: NodeJS.ProcessEnv,
): Promise<Executor> {
  switch (settings.executor) {
    case 'process': {
      const { createProcessExecutor } = await import('./executors/process-executor.js');
      return createProcessExecutor(settings);
    }
    case 'docker': {
      const { createDockerExecutor } = await import('./executors/docker-executor.js');
      return createDockerExecutor({ ...settings, execution: job.execution, log, environment });
    }
  }
}

/** Loaded only by a job whose QC check failed. */
async function stopExecution(executionArn: string, error: string, cause: string): Promise<void> {
  const { SFNClient, StopExecutionCommand } = await import('@aws-sdk/client-sfn');
  const client = new SFNClient(awsClientSettings);
  try {
    // Step Functions: a cause has at most 32,768 characters.
    await client.send(new StopExecutionCommand({ executionArn, error, cause: cause.slice(0, 32_768) }));
  } finally {
    client.destroy();
  }
}

/** `container <image> [command …]`: any image, as AWS Batch would run it. */
async function container(
  { environment, stop, write }: ProgramCall,
  log: RunnerLog,
  settings: Settings,
  image: string,
  command: readonly string[],
): Promise<number> {
  const { runImage } = await import('./run-image.js');
  return runImage({ image, command, settings, environment, log, stop, onOutput: write });
}

/** `remove-orphans`: stops the containers of runners that are gone. */
async function endOrphans(log: RunnerLog): Promise<number> {
  const [{ default: Docker }, { removeOrphans }] = await Promise.all([
    import('dockerode'),
    import('./executors/orphans.js'),
  ]);
  await removeOrphans(new Docker(), log);
  return 0;
}
