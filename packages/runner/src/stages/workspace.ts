import { chmod, mkdir, mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { BclawError, type JobData, jsonText, plainData } from '@bclaw/spec/run-time';
import { openFolders } from '../machine/index.js';
import { diskFull, isDiskFull } from '../storage/disk-full.js';

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
const jobsFolder = 'jobs';

/** A runner touches its workspace this often… */
const beatMs = 30_000;
/** …and one that was not touched for so long has lost its runner to SIGKILL. */
const abandonedAfterMs = 10 * 60 * 1000;

/**
 * Makes a workspace. Only this user can reach it from outside, whereas within the mount everyone may write, because an
 * image may run its commands as any user.
 *
 * @throws BclawError `no-scratch` when the scratch path cannot be written, `disk-full` when it is full
 */
export async function makeWorkspace(scratchPath: string, data: JobData): Promise<Workspace> {
  let root: string | undefined;
  try {
    await mkdir(join(scratchPath, jobsFolder), { recursive: true });
    await removeAbandoned(join(scratchPath, jobsFolder));
    root = await mkdtemp(join(scratchPath, jobsFolder, 'job-'));
    return await fillWorkspace(root, data);
  } catch (cause) {
    if (root !== undefined) await removeFolder(root);
    if (isDiskFull(cause)) throw diskFull(cause);
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new BclawError('no-scratch', `No workspace can be made below ${scratchPath}: ${reason}.`, {
      remedy: 'BC_SCRATCH_PATH must be a folder that the job may write to.',
      cause,
    });
  }
}

async function fillWorkspace(root: string, data: JobData): Promise<Workspace> {
  const mount = join(root, 'job');
  const directory = join(mount, 'workspace');
  await mkdir(directory, { recursive: true });
  await chmod(mount, 0o755);
  await chmod(directory, 0o777);
  const jobDataFile = join(mount, 'job_data.json');
  await writeFile(jobDataFile, jobDataText(data));
  // Whatever this process's umask is: the image's user may be another one.
  await chmod(jobDataFile, 0o644);
  const beat = setInterval(() => void touch(root), beatMs);
  return {
    mount,
    directory,
    jobDataFile,
    scriptFile: join(mount, 'commands.sh'),
    async remove() {
      clearInterval(beat);
      await removeFolder(root);
    },
  };
}

/** The values that a template can name. */
function jobDataText(data: JobData): string {
  const { job, scatter, parent } = plainData(data);
  return jsonText({ job, scatter, parent });
}

/**
 * What was killed a moment ago may still have put a file there, and a folder may be read-only. `maxRetries` of `rm` is
 * not for this: it repeats at each level of the tree, and so takes hours over one folder that stays busy.
 */
async function removeFolder(root: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await rm(root, { recursive: true, force: true });
    } catch (error) {
      if (attempt === 3) throw error;
      openFolders(root);
      await delay(100);
    }
  }
}

async function touch(root: string): Promise<void> {
  const now = new Date();
  await utimes(root, now, now).catch(() => undefined);
}

/** A host runs one job after the other: what a killed runner left would fill its disk. */
async function removeAbandoned(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const root = join(folder, name);
    const touched = await stat(root).catch(() => undefined);
    if (touched !== undefined && touched.mtimeMs < Date.now() - abandonedAfterMs)
      // Its own job has said so when it cannot be removed.
      await removeFolder(root).catch(() => undefined);
  }
}
