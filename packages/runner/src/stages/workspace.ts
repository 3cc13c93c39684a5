import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BclawError, type JobData } from '@bclaw/spec';

/** A job's own folder, gone when the job ends. */
export interface Workspace {
  /** What a container gets to see: holds everything below. */
  readonly mount: string;
  /** The command's working directory: BC_WORKSPACE. */
  readonly directory: string;
  /** BC_JOB_DATA_FILE */
  readonly jobDataFile: string;
  readonly scriptFile: string;
  remove(): Promise<void>;
}

/** Below the scratch path, beside the reference cache. */
export const jobsFolder = 'jobs';

/**
 * Makes a workspace. Only this user can reach it from outside, whereas within the mount everyone may write, because an
 * image may run its commands as any user.
 *
 * @throws BclawError `no-scratch` when the scratch path cannot be written
 */
export async function makeWorkspace(scratchPath: string, data: JobData): Promise<Workspace> {
  try {
    await mkdir(join(scratchPath, jobsFolder), { recursive: true });
    const root = await mkdtemp(join(scratchPath, jobsFolder, 'job-'));
    const mount = join(root, 'job');
    const directory = join(mount, 'workspace');
    await mkdir(directory, { recursive: true });
    await chmod(mount, 0o755);
    await chmod(directory, 0o777);
    const jobDataFile = join(mount, 'job_data.json');
    await writeFile(jobDataFile, JSON.stringify(data));
    return {
      mount,
      directory,
      jobDataFile,
      scriptFile: join(mount, 'commands.sh'),
      remove: () => rm(root, { recursive: true, force: true, maxRetries: 3 }),
    };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new BclawError('no-scratch', `No workspace can be made below ${scratchPath}: ${reason}.`, {
      remedy: 'BC_SCRATCH_PATH must be a folder that the job may write to, with space left.',
      cause,
    });
  }
}
