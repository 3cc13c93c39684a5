import { nameAndMessage } from '../errors.js';
import type { InvocationContext } from '../target.js';

/** A launch that is given up. */
export interface GivenUp {
  /** The event of the job file: JSON, or a text that is none. */
  readonly event: unknown;
  readonly error: unknown;
  readonly attempts: number;
  /** As Lambda names the reason of a dead letter. */
  readonly condition: 'RetriesExhausted' | 'EventAgeExceeded';
  readonly at: Date;
}

/**
 * A dead letter in the format of the records that Lambda writes for asynchronous invocations, so that those of a queue
 * and those of Lambda read the same.
 *
 * Source: "Capturing records of Lambda asynchronous invocations" in Lambda's guide.
 */
export function invocationRecord(
  { event, error, attempts, condition, at }: GivenUp,
  context: InvocationContext,
): string {
  const [errorType, errorMessage] = nameAndMessage(error);
  return JSON.stringify({
    version: '1.0',
    timestamp: at.toISOString(),
    requestContext: {
      requestId: context.awsRequestId ?? crypto.randomUUID(),
      functionArn: context.invokedFunctionArn,
      condition,
      approximateInvokeCount: attempts,
    },
    requestPayload: event,
    responseContext: { statusCode: 200, executedVersion: context.functionVersion, functionError: 'Unhandled' },
    responsePayload: { errorType, errorMessage },
  });
}
