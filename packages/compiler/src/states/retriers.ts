import { transientFailure } from '@bclaw/spec/contract';
import type { Retrier } from '../states-language.js';

/**
 * Failures of the Lambda service and of the connection to it, as listed in AWS's guide to Lambda in Step Functions, and
 * the error that bclaw's functions throw when a service they need is unavailable.
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
 * Batch accepts 50 SubmitJob requests per second and account; a wide scatter or a busy hour needs more. Step Functions
 * reports throttling as `Batch.BatchException`, and reported it as `Batch.AWSBatchException` while it used version 1 of
 * AWS's SDK for Java. Failed jobs are reported as States.TaskFailed, so these attempts are not spent on them.
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
 * Step Functions limits the StartExecution requests per second and account, and the number of running executions.
 * Failed executions are reported as States.TaskFailed, so these attempts are not spent on them; a second start with the
 * same name and input returns the execution of the first.
 */
export const executionThrottling: Retrier = {
  ErrorEquals: [
    'StepFunctions.ThrottlingException',
    'StepFunctions.ExecutionLimitExceeded',
    'StepFunctions.ExecutionLimitExceededException',
    // The names of errors without a name of their own, in version 2 and version 1 of AWS's SDK for Java.
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
