import { BclawError, formatS3Uri, type JobData, parseJobData } from '@bclaw/spec';
import type { RunnerJob } from './arguments.js';
import type { ObjectStore } from './storage/object-store.js';
import { readText } from './storage/read-text.js';

/** The object that `Initialize` writes into a job's repository. */
const jobDataFile = '_JOB_DATA_';

/**
 * Reads the job data and lays the branch's and the parent's values over it.
 *
 * @throws BclawError `no-job-data` when no repository above has it
 */
export async function readJobData(store: ObjectStore, job: RunnerJob): Promise<JobData> {
  const tried: string[] = [];
  for (const key of repositoriesUpward(job)) {
    const location = { bucket: job.repository.bucket, key: key === '' ? jobDataFile : `${key}/${jobDataFile}` };
    const text = await readText(store, location);
    tried.push(formatS3Uri(location));
    if (text === undefined) continue;
    const data = parseJobData(text);
    return {
      job: data.job,
      scatter: { ...data.scatter, ...job.scatter },
      parent: { ...data.parent, ...job.parent },
    };
  }
  throw new BclawError('no-job-data', `There is no job data for this job; looked at ${tried.join(' and ')}.`, {
    remedy: 'Was the repository emptied while the job ran? Submit the job again.',
  });
}

/**
 * A branch's repository is `<repository>/<scatter step>/<branch>` and holds no job data of its own, because a branch
 * costs no object; a branch within a branch is two folders further down.
 */
function repositoriesUpward({ repository, index }: RunnerJob): readonly string[] {
  const keys = [repository.key];
  if (index === 'main') return keys;
  const parts = repository.key.split('/');
  while (parts.length >= 2) {
    parts.splice(-2);
    keys.push(parts.join('/'));
  }
  return keys;
}
