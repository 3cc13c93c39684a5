import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { env, execPath } from 'node:process';
import { credentialsOf, credentialVariables } from '../../kernel/access/session.js';
import type { EngineContext } from '../../kernel/service.js';
import { nameOf } from './arns.js';
import type { ResolvedContainer } from './container.js';
import type { Executor } from './executor.js';
import type { CurrentAttempt, Job } from './model.js';
import type { JobCommand } from './spawner/messages.js';

/** Converts a job's container into a process or container that this machine can start. */
export interface JobLauncher {
  prepare(job: Job, container: ResolvedContainer, attempt: CurrentAttempt): JobCommand;
  /** Ends containers whose runner was killed, in the background. */
  endOrphans(): void;
}

export interface LauncherOptions {
  /** Executor for commands in other images than the runner's, and for the user's image within the runner. */
  readonly executor: Executor;
  /** In the form of `DOCKER_HOST`. */
  readonly containerEngine?: string;
  /** Path of the runner program. Default: that of the installed @bclaw/runner. */
  readonly runnerProgram?: string;
}

/**
 * An image whose repository is named `bclaw-runner` is replaced by this package's own runner, so it need not exist as
 * an image. Commands in other images run on the host, or in a container through the runner program's `container`
 * command.
 */
export function createJobLauncher(context: EngineContext, options: LauncherOptions): JobLauncher {
  let program = options.runnerProgram;
  const runnerProgram = () => {
    program ??= createRequire(import.meta.url).resolve('@bclaw/runner/program');
    return program;
  };
  return {
    prepare(job, container, attempt) {
      const scratch = scratchDirectory(context);
      mkdirSync(scratch, { recursive: true });
      const environment = jobEnvironment(context, options, job, container, attempt);
      if (repositoryBaseName(container.image) === 'bclaw-runner') {
        const rest = { environment, directory: scratch };
        // A container's runner must end with its job: its end is what tells others that the container is an orphan.
        if (options.executor === 'process' && isPlainEnvironment(environment))
          return { kind: 'runner', program: runnerProgram(), arguments: container.command, ...rest };
        return { kind: 'program', file: execPath, arguments: [runnerProgram(), ...container.command], ...rest };
      }
      if (options.executor === 'docker')
        return {
          kind: 'program',
          file: execPath,
          arguments: [runnerProgram(), 'container', container.image, ...container.command],
          environment: { ...environment, ...limitVariables(container) },
          directory: scratch,
        };
      const [file, ...rest] = container.command;
      if (file === undefined)
        throw new Error(
          `The job definition has no command, and the executor "process" cannot know the one of the image ${container.image}: name a command, or use the executor "docker".`,
        );
      return { kind: 'program', file, arguments: rest, environment, directory: scratch };
    },
    endOrphans() {
      if (options.executor !== 'docker') return;
      const environment = { ...inheritedVariables(), ...containerEngineOf(options) };
      execFile(execPath, [runnerProgram(), 'remove-orphans'], { env: environment }, (error) => {
        if (error !== null)
          context.log.error('Containers of earlier jobs could not be looked for.', { error: String(error) });
      });
    },
  };
}

/** Workspace directory of this engine's jobs: BC_SCRATCH_PATH. */
function scratchDirectory(context: EngineContext): string {
  return join(context.directory, 'batch', 'scratch');
}

/** `public.ecr.aws/x/bclaw-runner:1.0@sha256:…` → `bclaw-runner` */
export function repositoryBaseName(image: string): string {
  const path = image.split('@')[0] ?? '';
  return (path.split('/').at(-1) ?? '').split(':')[0] ?? '';
}

/** A job gets only the basic variables of the engine's own environment, never the user's AWS settings. */
const inherited = ['PATH', 'HOME', 'USER', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR', 'DOCKER_HOST'];

/**
 * Returns true if no variable can concern Node.js or a library when a process starts, as `NODE_OPTIONS` and `LD_PRELOAD`
 * do: a step's job has only variables of AWS and bclaw.
 */
function isPlainEnvironment(environment: Readonly<Record<string, string>>): boolean {
  return Object.keys(environment).every((name) => inherited.includes(name) || /^(AWS|BC|MANAGED_BY)_/.test(name));
}

function jobEnvironment(
  context: EngineContext,
  options: LauncherOptions,
  { record }: Job,
  container: ResolvedContainer,
  attempt: CurrentAttempt,
): Record<string, string> {
  const environment = inheritedVariables();
  for (const { name, value } of container.environment) if (name !== undefined) environment[name] = value ?? '';
  return {
    ...environment,
    ...containerEngineOf(options),
    AWS_REGION: context.region,
    AWS_DEFAULT_REGION: context.region,
    AWS_ACCOUNT_ID: context.accountId,
    AWS_ENDPOINT_URL: context.endpoint,
    ...roleVariables(container, record.jobId),
    AWS_BATCH_JOB_ID: record.jobId,
    AWS_BATCH_JOB_ATTEMPT: String(attempt.number),
    AWS_BATCH_JQ_NAME: nameOf(record.jobQueue),
    AWS_BATCH_CE_NAME: 'bclaw-local',
    BC_EXECUTOR: options.executor,
    BC_SCRATCH_PATH: scratchDirectory(context),
  };
}

/**
 * The credentials of the job's role. A job without a role has none, and must not find those of the engine's user, whose
 * home directory it shares.
 */
function roleVariables({ properties }: ResolvedContainer, jobId: string): Readonly<Record<string, string>> {
  const { jobRoleArn: roleArn } = properties;
  if (typeof roleArn === 'string') return credentialVariables(credentialsOf({ roleArn, name: jobId }));
  return { AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null', AWS_EC2_METADATA_DISABLED: 'true' };
}

function inheritedVariables(): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const name of inherited) {
    const value = env[name];
    if (value !== undefined) variables[name] = value;
  }
  return variables;
}

function containerEngineOf({ containerEngine }: LauncherOptions): Record<string, string> {
  return containerEngine === undefined ? {} : { DOCKER_HOST: containerEngine };
}

/** A bclaw job definition passes the limits to its runner; for any other, they are the resource requirements. */
function limitVariables({ vcpus, memoryMiB, gpus, properties }: ResolvedContainer): Record<string, string> {
  return {
    BC_CPUS: String(vcpus),
    BC_MEMORY_MIB: String(memoryMiB),
    ...sharedMemory(properties['linuxParameters']),
    ...(gpus > 0 ? { BC_GPU: String(gpus) } : {}),
  };
}

/** AWS Batch, LinuxParameters: `sharedMemorySize` is the size in MiB of the container's /dev/shm. */
function sharedMemory(linuxParameters: unknown): Record<string, string> {
  if (typeof linuxParameters !== 'object' || linuxParameters === null || !('sharedMemorySize' in linuxParameters))
    return {};
  const { sharedMemorySize: size } = linuxParameters;
  return typeof size === 'number' ? { BC_SHM_MIB: String(size) } : {};
}
