import { callingAs } from '../../kernel/access/calling-as.js';
import { roleCaller } from '../../kernel/access/session.js';
import { sendToQueue } from '../../kernel/delivery/send-to-queue.js';
import type { EngineContext } from '../../kernel/service.js';
import type { Outcome } from './function-worker.js';
import type { AsyncEventRecord, EventInvokeConfigRecord } from './model.js';
import type { Target } from './registry.js';

/** The condition with which an asynchronous invocation ended, as in Lambda's invocation record. */
export type Condition = 'EventAgeExceeded' | 'RetriesExhausted' | 'Success';

/** A finished asynchronous invocation. */
export interface Settled {
  readonly record: AsyncEventRecord;
  readonly target: Target;
  readonly condition: Condition;
  /** Absent when the function did not run (event too old, function disabled). */
  readonly outcome: Outcome | undefined;
  readonly config: EventInvokeConfigRecord | undefined;
}

/** Sends the result of an invocation to the destination, and for a failure to the function's dead-letter queue. */
export async function deliver(engine: EngineContext, settled: Settled): Promise<void> {
  const { condition, config, target } = settled;
  const { configuration, functionName } = target.version;
  const context = callingAs(engine, roleCaller(configuration.role, functionName));
  const succeeded = condition === 'Success';
  const destination = succeeded ? config?.onSuccess : config?.onFailure;
  if (destination !== undefined) await sendRecord(context, destination, settled);
  const deadLetters = target.version.configuration.deadLetterTargetArn;
  if (!succeeded && deadLetters !== undefined) await sendDeadLetter(context, deadLetters, settled);
}

/** Lambda's invocation record, version 1.0. */
function invocationRecord({ record, target, condition, outcome }: Settled): Record<string, unknown> {
  const unqualified = target.invokedArn.split(':').slice(0, 7).join(':');
  return {
    version: '1.0',
    timestamp: new Date().toISOString(),
    requestContext: {
      requestId: record.requestId,
      functionArn: target.invokedArn === unqualified ? `${unqualified}:$LATEST` : target.invokedArn,
      condition,
      approximateInvokeCount: record.attempts,
    },
    requestPayload: JSON.parse(record.payload),
    ...(outcome === undefined
      ? {}
      : {
          responseContext: {
            statusCode: 200,
            executedVersion: target.version.version,
            ...(outcome.failed ? { functionError: 'Unhandled' } : {}),
          },
          responsePayload: JSON.parse(outcome.payload),
        }),
  };
}

async function sendRecord(context: EngineContext, destination: string, settled: Settled): Promise<void> {
  const record = invocationRecord(settled);
  const text = JSON.stringify(record);
  switch (destination.split(':')[2]) {
    case 'sqs':
      return await sendToQueue(context, destination, text, {});
    case 'sns':
      await context.call('sns', 'Publish', { TopicArn: destination, Message: text });
      return;
    case 'lambda':
      await context.call('lambda', 'Invoke', {
        FunctionName: destination,
        InvocationType: 'Event',
        Payload: Buffer.from(text),
      });
      return;
    case 'events': {
      const result = settled.condition === 'Success' ? 'Success' : 'Failure';
      await context.call('events', 'PutEvents', {
        Entries: [
          {
            Source: 'lambda',
            DetailType: `Lambda Function Invocation Result - ${result}`,
            Detail: text,
            Resources: [destination, settled.target.invokedArn],
          },
        ],
      });
      return;
    }
    default:
      throw new Error(
        `Lambda does not send to ${destination}: a destination is a queue, topic, function or event bus.`,
      );
  }
}

/** A dead letter is only the event; the error is in three attributes. */
async function sendDeadLetter(context: EngineContext, destination: string, settled: Settled): Promise<void> {
  const { record, outcome } = settled;
  const attributes = {
    RequestID: { DataType: 'String', StringValue: record.requestId },
    ErrorCode: { DataType: 'Number', StringValue: outcome === undefined ? '429' : '200' },
    ErrorMessage: { DataType: 'String', StringValue: errorMessage(outcome).slice(0, 1024) },
  };
  if (destination.split(':')[2] === 'sqs') return await sendToQueue(context, destination, record.payload, attributes);
  await context.call('sns', 'Publish', {
    TopicArn: destination,
    Message: record.payload,
    MessageAttributes: attributes,
  });
}

function errorMessage(outcome: Outcome | undefined): string {
  if (outcome === undefined) return 'The function did not run.';
  const error: unknown = JSON.parse(outcome.payload);
  const message: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'errorMessage') : undefined;
  return typeof message === 'string' && message !== '' ? message : 'Unhandled';
}
