import type { Retry } from '@bclaw/spec';
import { transientFailure } from '@bclaw/spec/contract';
import type { Retrier } from '../states-language.js';

/**
 * Failures of the Lambda service and of the way to it, as AWS's guide to Lambda in Step Functions lists them, and what bclaw's
 * functions throw when a service that they need is out of reach.
 */
export const transientErrors: Retrier = {
  ErrorEquals: [
    'Lambda.ClientExecutionTimeoutException',
    'Lambda.ServiceException',
    'Lambda.AWSLambdaException',
    'Lambda.SdkClientException',
    'Lambda.TooManyRequestsException',
    transientFailure,
  ],
  IntervalSeconds: 2,
  MaxAttempts: 6,
  BackoffRate: 2,
  JitterStrategy: 'FULL',
};

/**
 * Batch takes 50 SubmitJob requests a second and account; a wide scatter or a busy hour asks for more. Step Functions
 * calls that `Batch.BatchException`, and called it `Batch.AWSBatchException` while it used version 1 of AWS's SDK for
 * Java. Jobs that fail give States.TaskFailed, so these attempts are not spent on them.
 */
export const batchThrottling: Retrier = {
  ErrorEquals: ['Batch.BatchException', 'Batch.AWSBatchException', 'Batch.ServerException'],
  IntervalSeconds: 10,
  MaxAttempts: 20,
  BackoffRate: 2,
  MaxDelaySeconds: 300,
  JitterStrategy: 'FULL',
};

/**
 * Step Functions takes a number of StartExecution requests a second and account, and of running executions. Executions that
 * fail give States.TaskFailed, so these attempts are not spent on them; a second start under the same name and with the
 * same input finds the execution of the first.
 */
export const executionThrottling: Retrier = {
  ErrorEquals: [
    'StepFunctions.ThrottlingException',
    'StepFunctions.ExecutionLimitExceeded',
    'StepFunctions.ExecutionLimitExceededException',
    // What errors without a name of their own are called, by version 2 and version 1 of AWS's SDK for Java.
    'StepFunctions.SfnException',
    'StepFunctions.AWSStepFunctionsException',
    'StepFunctions.SdkClientException',
  ],
  IntervalSeconds: 5,
  MaxAttempts: 10,
  BackoffRate: 2,
  MaxDelaySeconds: 300,
  JitterStrategy: 'FULL',
};

/** A step's own `retry`; none when it wants no second run. */
export function stepRetriers(retry: Retry): readonly Retrier[] {
  if (retry.attempts === 0) return [];
  return [
    {
      ErrorEquals: ['States.ALL'],
      // States Language wants at least a second.
      IntervalSeconds: Math.max(1, retry.intervalSeconds),
      MaxAttempts: retry.attempts,
      BackoffRate: retry.backoffRate,
    },
  ];
}
