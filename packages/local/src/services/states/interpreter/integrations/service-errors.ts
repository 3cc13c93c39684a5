import { randomUUID } from 'node:crypto';
import { AwsError } from '../../../../wire/aws-error.js';
import { StateError } from '../data/state-error.js';

/** The exceptions in a service's model; all other errors get the name of the service's base exception. */
interface Exceptions {
  readonly base: string;
  /** undefined = every code is treated as modelled. */
  readonly modelled?: ReadonlySet<string>;
}

const batch = new Set(['ClientException', 'ServerException']);
const s3 = new Set([
  'BucketAlreadyExists',
  'BucketAlreadyOwnedByYou',
  'InvalidObjectState',
  'NoSuchBucket',
  'NoSuchKey',
  'NoSuchUpload',
  'ObjectAlreadyInActiveTierError',
  'ObjectNotInActiveTierError',
]);

const exceptions: Readonly<Record<string, Exceptions>> = {
  Batch: { base: 'BatchException', modelled: batch },
  S3: { base: 'S3Exception', modelled: s3 },
};

const exceptionName = (code: string) => (code.endsWith('Exception') ? code : `${code}Exception`);

/**
 * Converts a service's error to a Task error: `<service>.<exception>`, e.g. `Lambda.TooManyRequestsException`,
 * `S3.NoSuchKeyException`, `Batch.BatchException`.
 *
 * @param service the service's name in error names
 */
export function serviceError(service: string, thrown: unknown): StateError {
  if (thrown instanceof StateError) return thrown;
  if (!(thrown instanceof AwsError)) {
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    return new StateError('States.TaskFailed', `The embedded engine could not call ${service}: ${message}`);
  }
  const { base, modelled } = exceptions[service] ?? { base: `${service}Exception` };
  const name = modelled === undefined || modelled.has(thrown.code) ? exceptionName(thrown.code) : base;
  return new StateError(
    `${service}.${name}`,
    `${thrown.message} (Service: ${service}, Status Code: ${thrown.status}, Request ID: ${randomUUID()})`,
  );
}
