import { chmod, mkdir, mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { BclawError, type JobData, jsonText, plainData } from '@bclaw/spec/run-time';
import { openFolders } from '../machine/index.js';
import { diskFull, isDiskFull } from '../storage/disk-full.js';

/** A job's own folder, which is removed when the job ends. */
export interface Workspace {
  /** The folder that a container mounts; contains everything below. */
  readonly mount: string;
  /** The command's working directory: BC_WORKSPACE. */
  readonly directory: string;
  /** BC_JOB_DATA_FILE */
  readonly jobDataFile: string;
  readonly scriptFile: string;
  remove(): Promise<void>;
}

/** Below the scratch path, next to the reference cache. */
const jobsFolder = 'jobs';

/** Interval at which a runner touches its workspace… */
const beatMs = 30_000;
/** …and the age at which an untouched one counts as abandoned by a killed runner. */
const abandonedAfterMs = 10 * 60 * 1000;

/**
 * Creates a workspace. Only this user can reach it from outside, whereas within the mount everyone can write, because
 * an image may run its commands as any user.
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
      hint: 'BC_SCRATCH_PATH must be a folder that the job may write to.',
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
  // Independent of this process's umask, because the image's user may differ.
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
 * A process that was killed a moment ago may still have created a file, and a folder may be read-only. `maxRetries` of
 * `rm` does not help: it retries at each level of the tree, and so takes hours over one folder that stays busy.
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

/** A host runs one job after the other, so leftovers of killed runners would fill its disk. */
async function removeAbandoned(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const root = join(folder, name);
    const touched = await stat(root).catch(() => undefined);
    if (touched !== undefined && touched.mtimeMs < Date.now() - abandonedAfterMs)
      // If it cannot be removed, its own job has reported that.
      await removeFolder(root).catch(() => undefined);
  }
}
