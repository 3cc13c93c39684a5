import { setTimeout as delay } from 'node:timers/promises';
import type { RunnerLog } from './log.js';

/** The instance metadata service of EC2, for a host's own processes and containers in its network. */
const defaultEndpoint = 'http://169.254.169.254';
const requestMs = 1_000;
/** EC2 gives notice two minutes before, and recommends to look every five seconds. */
const defaultIntervalMs = 5_000;
/** EC2: the longest life of a token, six hours. */
const tokenSeconds = 21_600;

export interface SpotWatch {
  /** The runner's own environment: ECS_CONTAINER_METADATA_URI_V4, AWS_EC2_METADATA_SERVICE_ENDPOINT, AWS_EC2_METADATA_DISABLED. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly log: RunnerLog;
  readonly signal: AbortSignal;
  /** Default 5000. */
  readonly intervalMs?: number;
}

/**
 * Writes a line into the job's log when EC2 announces that it takes the host away, so that the log of a job that was
 * stopped tells why. Looks on ECS only, and on spot instances only; says nothing where there is no metadata service.
 */
export async function watchForSpotNotice({
  environment,
  log,
  signal,
  intervalMs = defaultIntervalMs,
}: SpotWatch): Promise<void> {
  if (environment['ECS_CONTAINER_METADATA_URI_V4'] === undefined) return;
  if (environment['AWS_EC2_METADATA_DISABLED']?.toLowerCase() === 'true') return;
  const endpoint = environment['AWS_EC2_METADATA_SERVICE_ENDPOINT'] || defaultEndpoint;
  let token = '';
  const read = async (path: string): Promise<Response> => {
    const get = () =>
      fetch(new URL(path, endpoint), { headers: { 'X-aws-ec2-metadata-token': token }, ...within(signal) });
    const response = await get();
    // The first request, and one after the token has expired.
    if (response.status !== 401) return response;
    const answer = await fetch(new URL('/latest/api/token', endpoint), {
      method: 'PUT',
      headers: { 'X-aws-ec2-metadata-token-ttl-seconds': String(tokenSeconds) },
      ...within(signal),
    });
    token = await answer.text();
    return await get();
  };
  try {
    const lifeCycle = await read('/latest/meta-data/instance-life-cycle');
    if ((await lifeCycle.text()) !== 'spot') return;
    while (!signal.aborted) {
      const notice = await read('/latest/meta-data/spot/instance-action');
      // 404 as long as nothing is planned.
      if (notice.ok) {
        log.warning('EC2 takes this spot instance away; the job will be stopped.', noticeOf(await notice.text()));
        return;
      }
      await delay(intervalMs, undefined, { signal, ref: false });
    }
  } catch {
    // The job has ended, or containers cannot reach the metadata service. The job itself needs none of this.
  }
}

const within = (signal: AbortSignal) => ({ signal: AbortSignal.any([signal, AbortSignal.timeout(requestMs)]) });

/** `{"action": "terminate", "time": "2026-01-01T00:00:00Z"}` */
function noticeOf(text: string): { readonly action?: string; readonly at?: string } {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return {};
    return {
      ...('action' in value ? { action: String(value.action) } : {}),
      ...('time' in value ? { at: String(value.time) } : {}),
    };
  } catch {
    return {};
  }
}
