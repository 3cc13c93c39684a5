import { argv, env, exit, stdout } from 'node:process';
import { S3Client } from '@aws-sdk/client-s3';
import { runnerErrorExitCode } from '@bclaw/spec/contract';
import { type JobArguments, parseArguments } from './arguments.js';
import { awsClientSettings } from './aws-client-settings.js';
import type { Executor } from './executors/executor.js';
import { exitCodeOfError } from './exit-codes.js';
import { createLog } from './log.js';
import { reportError, runJob } from './run-job.js';
import { readSettings, type Settings } from './settings.js';
import { watchForSpotNotice } from './spot-notice.js';
import { Stopped, type StopSignal } from './stopped.js';
import { createS3ObjectStore } from './storage/s3-object-store.js';

const log = createLog(
  (line) => stdout.write(line),
  () => new Date(),
);
const stopping = new AbortController();
/** Aborted when the job has ended. */
const over = new AbortController();

// Node.js's own warnings are about this program, not about the job, and would be unprefixed lines in its log.
process.removeAllListeners('warning');
process.on('uncaughtException', (error) => {
  reportError(log, error);
  exit(runnerErrorExitCode);
});
const stopWith = (signal: StopSignal) => stopping.abort(new Stopped(signal));
process.on('SIGTERM', stopWith);
process.on('SIGINT', stopWith);
// The reader is gone, and with it the parent of this job, so the job stops too.
stdout.on('error', () => stopWith('SIGTERM'));

/** Loads code on demand: a job without containers does not load the container engine's client. */
async function executorOf(job: JobArguments, settings: Settings): Promise<Executor> {
  switch (settings.executor) {
    case 'process': {
      const { createProcessExecutor } = await import('./executors/process-executor.js');
      return createProcessExecutor(settings);
    }
    case 'docker': {
      const { createDockerExecutor } = await import('./executors/docker-executor.js');
      return createDockerExecutor({ ...settings, execution: job.execution, log, environment: env });
    }
  }
}

/** Loaded only by a job whose QC check failed. */
async function stopExecution(executionArn: string, error: string, cause: string): Promise<void> {
  const { SFNClient, StopExecutionCommand } = await import('@aws-sdk/client-sfn');
  // Step Functions: a cause has at most 32,768 characters.
  await new SFNClient(awsClientSettings).send(
    new StopExecutionCommand({ executionArn, error, cause: cause.slice(0, 32_768) }),
  );
}

/** `container <image> [command …]`: any image, as AWS Batch would run it. */
async function container(settings: Settings, image: string, command: readonly string[]): Promise<number> {
  const { runImage } = await import('./run-image.js');
  const onOutput = (chunk: Buffer) => void stdout.write(chunk);
  return runImage({ image, command, settings, environment: env, log, stop: stopping.signal, onOutput });
}

/** `remove-orphans`: stops the containers of runners that are gone. */
async function endOrphans(): Promise<number> {
  const [{ default: Docker }, { removeOrphans }] = await Promise.all([
    import('dockerode'),
    import('./executors/orphans.js'),
  ]);
  await removeOrphans(new Docker(), log);
  return 0;
}

async function main(): Promise<number> {
  try {
    if (argv[2] === 'remove-orphans' && argv.length === 3) return await endOrphans();
    const settings = readSettings(env);
    const [first, image, ...command] = argv.slice(2);
    if (first === 'container' && image !== undefined) return await container(settings, image, command);
    const job = parseArguments(argv.slice(2));
    // ECS on EC2 does not set the region in a container; the SDK's clients need one.
    env['AWS_REGION'] ||= job.execution.region;
    const executor = await executorOf(job, settings);
    void watchForSpotNotice({ environment: env, log, signal: over.signal });
    return await runJob(job, {
      settings,
      store: createS3ObjectStore(new S3Client(awsClientSettings)),
      executor,
      log,
      stopExecution,
      stop: stopping.signal,
      environment: env,
    });
  } catch (error) {
    reportError(log, error);
    return exitCodeOfError(error);
  } finally {
    over.abort();
  }
}

const exitCode = await main();
// Connections that S3 keeps open would keep the process alive for seconds.
stdout.write('', () => exit(exitCode));
