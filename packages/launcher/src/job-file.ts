import type { JobFile } from '@bclaw/spec/contract';
import { LaunchRefused } from './errors.js';

/**
 * Finds the job file in an event. Two formats are supported, both with the key as S3 stores it: EventBridge does not
 * URL-encode keys, unlike S3's own notifications, so a `%20` or a `+` in a key is literal.
 *
 * 1. EventBridge's "Object Created" event from `aws.s3`, unchanged.
 * 2. The output of an EventBridge input transformer: `{"bucket": …, "key": …, "version": …}`; `version` may be
 *    absent or empty.
 *
 * @throws LaunchRefused for anything else
 */
export function jobFileFromEvent(event: unknown): JobFile {
  if (isRecord(event) && event['detail-type'] === 'Object Created' && isRecord(event['detail'])) {
    const { bucket, object } = event['detail'];
    if (isRecord(bucket) && isRecord(object)) return jobFile(bucket['name'], object['key'], object['version-id']);
  }
  if (isRecord(event) && 'bucket' in event) return jobFile(event['bucket'], event['key'], event['version']);
  if (isRecord(event) && 'Records' in event) {
    throw new LaunchRefused(
      'This is a notification that S3 sent to the function directly. Send the events of the bucket to EventBridge instead, and from there to the alias of the function.',
    );
  }
  throw new LaunchRefused(
    'The event is neither an "Object Created" event of EventBridge nor {"bucket", "key", "version"} from an input transformer.',
  );
}

function jobFile(bucket: unknown, key: unknown, version: unknown): JobFile {
  const found = toJobFile(bucket, key, version);
  if (found === undefined) throw new LaunchRefused('The event names no bucket and key.');
  return found;
}

/** A job file from three values that should be strings; `undefined` when bucket or key is not. */
export function toJobFile(bucket: unknown, key: unknown, version: unknown): JobFile | undefined {
  if (typeof bucket !== 'string' || bucket === '' || typeof key !== 'string' || key === '') return undefined;
  return { bucket, key, version: typeof version === 'string' ? version : '' };
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
