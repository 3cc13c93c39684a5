import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { text } from 'node:stream/consumers';
import { type JobOutcome, type JobSettings, type JobWorld, jobArguments, sorted } from './job-world.js';

/** The bundle that `npm run build` creates. */
const program = createRequire(import.meta.url).resolve('@bclaw/runner/program');

/** The user that the runner runs as; this test's own by default. */
export interface ProgramUser {
  readonly uid?: number;
  readonly gid?: number;
  readonly umask?: number;
}

/** Starts the runner as AWS Batch does: a process with a command line and an environment. */
export function startProgram(
  world: JobWorld,
  settings: JobSettings | readonly string[],
  variables: Readonly<Record<string, string>> = {},
  { umask, ...user }: ProgramUser = {},
): ChildProcess {
  const given = 'length' in settings ? settings : jobArguments(settings);
  const node = [process.execPath, program, ...given];
  const [file = '', ...words] =
    umask === undefined ? node : ['sh', '-c', `umask ${umask.toString(8)}; exec "$0" "$@"`, ...node];
  return spawn(file, words, {
    env: {
      PATH: process.env['PATH'],
      AWS_ENDPOINT_URL: world.engine.url,
      AWS_REGION: world.engine.region,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      BC_EXECUTOR: 'process',
      BC_SCRATCH_PATH: world.scratchPath,
      BC_STEP_NAME: 'program',
      ...variables,
    },
    ...user,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Waits for its end and separates the lines of its log. */
export async function outcomeOf(
  child: ChildProcess,
): Promise<Pick<JobOutcome, 'exitCode' | 'own' | 'user'> & { readonly err: string }> {
  const [[code], out, err] = await Promise.all([once(child, 'exit'), read(child.stdout), read(child.stderr)]);
  return { exitCode: code, err, ...sorted(out.split('\n').filter((line) => line !== '')) };
}

async function read(stream: ChildProcess['stdout']): Promise<string> {
  return stream === null ? '' : text(stream);
}
