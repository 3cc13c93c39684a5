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

const sqs = new Set([
  'BatchEntryIdsNotDistinct',
  'BatchRequestTooLong',
  'EmptyBatchRequest',
  'InvalidAttributeName',
  'InvalidMessageContents',
  'QueueDoesNotExist',
  'TooManyEntriesInBatchRequest',
  'UnsupportedOperation',
]);

const secretsManager = new Set([
  'DecryptionFailure',
  'EncryptionFailure',
  'InternalServiceError',
  'InvalidNextTokenException',
  'InvalidParameterException',
  'InvalidRequestException',
  'LimitExceededException',
  'MalformedPolicyDocumentException',
  'PreconditionNotMetException',
  'PublicPolicyException',
  'ResourceExistsException',
  'ResourceNotFoundException',
]);

const exceptions: Readonly<Record<string, Exceptions>> = {
  Batch: { base: 'BatchException', modelled: batch },
  SQS: { base: 'AmazonSQSException', modelled: sqs },
  S3: { base: 'S3Exception', modelled: s3 },
  SecretsManager: { base: 'SecretsManagerException', modelled: secretsManager },
};

/** The names that the optimized integrations, which use an older SDK, give the services in causes. */
const sdkNames: Readonly<Record<string, string>> = {
  Batch: 'AWSBatch',
  EventBridge: 'AmazonEventBridge',
  Lambda: 'AWSLambda',
  SNS: 'AmazonSNS',
  SQS: 'AmazonSQS',
  StepFunctions: 'AWSStepFunctions',
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
  const extended = service === 'S3' ? `, Extended Request ID: ${randomUUID()}` : '';
  return new StateError(
    errorName(service, thrown),
    `${thrown.message} (Service: ${service}, Status Code: ${thrown.status}, Request ID: ${randomUUID()}${extended}) (SDK Attempt Count: 1)`,
  );
}

function errorName(service: string, { code }: AwsError): string {
  const { base, modelled } = exceptions[service] ?? { base: `${service}Exception` };
  return `${service}.${modelled === undefined || modelled.has(code) ? exceptionName(code) : base}`;
}

/** Like {@link serviceError} for an optimized integration, whose causes are worded by an older SDK. */
export function optimizedError(service: string, thrown: unknown): StateError {
  if (!(thrown instanceof AwsError)) return serviceError(service, thrown);
  const { message, status, code } = thrown;
  return new StateError(
    errorName(service, thrown),
    `${message} (Service: ${sdkNames[service] ?? service}; Status Code: ${status}; Error Code: ${code}; Request ID: ${randomUUID()}; Proxy: null)`,
  );
}
