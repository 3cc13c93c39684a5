import { defaultScratchPath, jobVariables } from '@bclaw/spec/contract';
import { given } from '@bclaw/spec/given';
import { BclawError, waitBeforeAttempt } from '@bclaw/spec/run-time';
import type { Limits } from './executors/executor.js';

export type ExecutorName = 'docker' | 'process';

/** The runner's settings from the job's environment. */
export interface Settings {
  /** BC_EXECUTOR: `docker` (default) or `process`. */
  readonly executor: ExecutorName;
  /** Folder of the workspaces and the reference cache; the same path on the host and in its containers. */
  readonly scratchPath: string;
  readonly stepName: string;
  /** CPUs, memory and GPUs that the step requested. */
  readonly limits: Limits;
  /**
   * BC_STOP_GRACE_SECONDS: time from SIGTERM to SIGKILL for the user's command. Default 20, because AWS Batch waits 30.
   */
  readonly stopGraceMs: number;
  /** AWS_BATCH_JOB_ID; `-` outside of Batch. */
  readonly jobId: string;
  /** AWS_BATCH_JOB_ATTEMPT: 1 for the first attempt of a job. */
  readonly attempt: number;
  /** Time to wait before this attempt; 0 for the first. */
  readonly waitSeconds: number;
  /** BC_TIMEOUT_SECONDS: time that the attempt may take after its wait. */
  readonly timeoutSeconds?: number;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the runner's settings from environment variables.
 *
 * @throws BclawError `bad-environment` naming the variable
 */
export function readSettings(environment: Environment): Settings {
  const executor = environment['BC_EXECUTOR'] || 'docker';
  if (executor !== 'docker' && executor !== 'process')
    throw new BclawError('bad-environment', `BC_EXECUTOR must be "docker" or "process", not "${executor}".`);
  const cpus = amount(environment, jobVariables.cpus);
  const memoryMiB = amount(environment, jobVariables.memoryMiB);
  const shmMiB = amount(environment, jobVariables.shmMiB);
  const attempt = amount(environment, 'AWS_BATCH_JOB_ATTEMPT') || 1;
  const intervalSeconds = amount(environment, jobVariables.retryInterval) ?? 0;
  const backoffRate = amount(environment, jobVariables.retryBackoffRate) ?? 1;
  const gpus = environment[jobVariables.gpus] === 'all' ? 'all' : amount(environment, jobVariables.gpus);
  return {
    executor,
    scratchPath: environment[jobVariables.scratchPath] || defaultScratchPath,
    stepName: environment[jobVariables.stepName] || 'step',
    limits: {
      ...given({ cpus, memoryMiB, shmMiB }),
      ...(gpus === undefined || gpus === 0 ? {} : { gpus }),
    },
    stopGraceMs: (amount(environment, 'BC_STOP_GRACE_SECONDS') ?? 20) * 1000,
    jobId: environment['AWS_BATCH_JOB_ID'] || '-',
    attempt,
    waitSeconds: waitBeforeAttempt({ intervalSeconds, backoffRate }, attempt),
    ...given({ timeoutSeconds: amount(environment, jobVariables.timeoutSeconds) }),
  };
}

function amount(environment: Environment, name: string): number | undefined {
  const text = environment[name];
  if (text === undefined || text === '') return undefined;
  const value = Number(text);
  if (!Number.isFinite(value) || value < 0)
    throw new BclawError('bad-environment', `${name} must be a number, not "${text}".`);
  return value;
}
