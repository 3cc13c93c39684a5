import type { InvocationContext } from '../target.js';
import { invocationRecord } from './dead-letter.js';
import type { LaunchQueues } from './launch-queues.js';
import type { LaunchMessage } from './message.js';
import { isPassing, longestWaitMs, retryDelaysSeconds, waitSeconds } from './waiting.js';

/** Lambda's partial batch response: the messages that it must not delete. */
export interface BatchResponse {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

interface Surroundings {
  readonly queues: LaunchQueues;
  readonly context: InvocationContext;
}

/**
 * Launches the job file of each message, side by side.
 *
 * @param launch - launches the event in a message's body, or fails
 * @returns the messages that wait in the queue; all others are done with
 */
export async function launchMessages(
  messages: readonly LaunchMessage[],
  launch: (event: unknown) => Promise<unknown>,
  surroundings: Surroundings,
): Promise<BatchResponse> {
  const stays = await Promise.all(messages.map((message) => launchMessage(message, launch, surroundings)));
  return {
    batchItemFailures: messages.flatMap(({ id }, index) => (stays[index] === true ? [{ itemIdentifier: id }] : [])),
  };
}

/** @returns true if the message must stay in the queue */
async function launchMessage(
  message: LaunchMessage,
  launch: (event: unknown) => Promise<unknown>,
  surroundings: Surroundings,
): Promise<boolean> {
  const event = eventIn(message);
  try {
    await launch(event);
    return false;
  } catch (error) {
    try {
      return await keepOrBury(message, event, error, surroundings);
    } catch {
      // SQS does not answer: the message is received again when its visibility timeout ends.
      return true;
    }
  }
}

async function keepOrBury(
  message: LaunchMessage,
  event: unknown,
  error: unknown,
  { queues, context }: Surroundings,
): Promise<boolean> {
  const at = new Date();
  if (isPassing(error)) {
    if (at.getTime() - message.sentAt < longestWaitMs) {
      await queues.hide(message, waitSeconds(message.receiveCount, Math.random()));
      return true;
    }
    const attempts = message.receiveCount;
    await queues.bury(invocationRecord({ event, error, attempts, condition: 'EventAgeExceeded', at }, context));
    return false;
  }
  const attempts = message.failures + 1;
  const delay = retryDelaysSeconds[message.failures];
  if (delay === undefined)
    await queues.bury(invocationRecord({ event, error, attempts, condition: 'RetriesExhausted', at }, context));
  else await queues.sendAgain(message, attempts, delay);
  return false;
}

/** The event in a message; a text that is no JSON is refused as an event, as any other that is not a job file's. */
function eventIn({ body }: LaunchMessage): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}
