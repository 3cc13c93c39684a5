import { setTimeout as delay } from 'node:timers/promises';
import { signed } from '../../packages/local/test/signed.js';
import { type JobData, launcherBucket, workflow } from './workflow.js';

/** A job file in the launcher bucket; times in milliseconds since the epoch. */
export interface Upload {
  readonly job: JobData;
  readonly from: number;
  readonly to: number;
}

/** Uploads one job file to the launcher bucket. */
export async function upload(url: string, job: JobData): Promise<Upload> {
  const from = Date.now();
  const body = JSON.stringify(job);
  const answer = await fetch(`${url}/${launcherBucket}/${workflow}/${job.id}.json`, {
    method: 'PUT',
    headers: signed('s3'),
    body,
  });
  if (!answer.ok) throw new Error(`${job.id}: ${answer.status} ${await answer.text()}`);
  await answer.arrayBuffer();
  return { job, from, to: Date.now() };
}

/**
 * Uploads job files to the launcher bucket at an even rate, and at a tenth of it while the actions lag behind: so job
 * files arrive during all of the actions, even on a slow machine.
 *
 * @param options.milliseconds for all of them, without any lag
 * @param options.behind returns true if the actions lag behind when this many have been sent
 * @param options.signal stops the uploads
 */
export async function uploadEvenly(
  url: string,
  jobs: readonly JobData[],
  options: {
    readonly milliseconds: number;
    readonly behind: (sent: number) => boolean;
    readonly signal: AbortSignal;
  },
): Promise<Upload[]> {
  const pace = options.milliseconds / jobs.length;
  const uploads: Promise<Upload>[] = [];
  let due = Date.now();
  for (const job of jobs) {
    await delay(Math.max(0, due - Date.now()), undefined, { signal: options.signal });
    uploads.push(upload(url, job));
    due = options.behind(uploads.length) ? Date.now() + 10 * pace : due + pace;
  }
  return await Promise.all(uploads);
}
