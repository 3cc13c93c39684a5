import type { ChildProcess } from 'node:child_process';
import type { JobSettings, JobWorld } from '../../packages/runner/test/job-world.js';
import { type ProgramUser, startProgram } from '../../packages/runner/test/program.js';
import type { Podman } from './podman.js';

/** Starts the runner with its commands in a container of this engine. */
export function startContained(
  world: JobWorld,
  podman: Podman,
  settings: JobSettings,
  variables: Readonly<Record<string, string>> = {},
  user?: ProgramUser,
): ChildProcess {
  return startProgram(
    world,
    settings,
    {
      DOCKER_HOST: podman.host,
      AWS_BATCH_JOB_ID: 'a-job',
      BC_EXECUTOR: 'docker',
      BC_STEP_NAME: 'contained',
      BC_CPUS: '1',
      BC_MEMORY_MIB: '64',
      BC_STOP_GRACE_SECONDS: '1',
      ...variables,
    },
    user,
  );
}
