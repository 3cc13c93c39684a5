import { defaultInstallation, liveAliasName } from '@bclaw/spec/contract';
import type { Clients } from '../aws/clients.js';
import { explainError } from '../aws/explain-error.js';
import { readCore } from '../deploy/core.js';
import { invokeLauncher } from '../jobs/invoke-launcher.js';
import { type Launcher, requireLauncher } from '../versions/launcher-function.js';
import { type DeadLetter, parseDeadLetter } from './dead-letter.js';
import { DeadLetterQueue, type HeldMessage } from './dead-letter-queue.js';

export interface DeadLetterOptions {
  readonly workflow: string;
  /** The core stack's name. Default `bayerclaw2`. */
  readonly installation?: string;
}

/**
 * Lists the job files of a workflow that could not be launched: after three tries, the launcher puts them into the core's
 * dead-letter queue, where they stay for 14 days. Launches that AWS throttles are not among them: they wait.
 *
 * All workflows share the queue; other workflows' messages are released as soon as the list is complete.
 *
 * @returns oldest first
 * @throws BclawError `not-installed`
 *
 * @example
 * ```ts
 * for (const { jobFile, reason } of await listDeadLetters(createClients(), { workflow: 'variant-calling' })) {
 *   console.error(jobFile?.key, reason);
 * }
 * ```
 */
export async function listDeadLetters(
  clients: Pick<Clients, 'cloudFormation' | 'sqs'>,
  options: DeadLetterOptions,
): Promise<DeadLetter[]> {
  const queue = await openQueue(clients, options);
  const held = await queue.holdAll();
  await queue.release(held);
  return lettersOf(held, options.workflow).map(({ letter }) => letter);
}

/** The result of redriving a dead letter. */
export type RedrivenLetter = DeadLetter &
  (
    | {
        /** `kept`: it failed again and stays in the queue. */
        readonly outcome: 'kept';
        readonly error: string;
      }
    | {
        /** `duplicate`: the job had already been launched. `ignored`: there was nothing to launch. */
        readonly outcome: 'started' | 'duplicate' | 'ignored';
        readonly executionArn?: string;
      }
  );

export interface RedriveOptions extends DeadLetterOptions {
  /** Called with each letter once it is processed. */
  readonly onRedriven?: (letter: RedrivenLetter) => void;
  readonly signal?: AbortSignal;
}

/** Longer than a launcher's timeout (a minute): until then no other redrive can receive the letter. */
const redriveSeconds = 120;

/**
 * Sends the dead letters of a workflow to its live version again, with the original event. A letter leaves the queue
 * only when the launcher has accepted it. If this is interrupted, nothing is lost, and a job that was already launched
 * is not launched again, because its launch record exists.
 *
 * @returns the result for each letter, oldest first
 * @throws BclawError `not-installed`, `no-such-workflow`
 *
 * @example
 * ```ts
 * const letters = await redriveDeadLetters(createClients(), { workflow: 'variant-calling' });
 * console.log(letters.filter(({ outcome }) => outcome === 'kept').length, 'failed again');
 * ```
 */
export async function redriveDeadLetters(
  clients: Pick<Clients, 'cloudFormation' | 'lambda' | 'sqs'>,
  options: RedriveOptions,
): Promise<RedrivenLetter[]> {
  const [queue, launcher] = await Promise.all([
    openQueue(clients, options),
    requireLauncher(clients, options.workflow),
  ]);
  const held = await queue.holdAll();
  const ours = lettersOf(held, options.workflow);
  const ids = new Set(ours.map(({ message }) => message.id));
  await queue.release(held.filter(({ id }) => !ids.has(id)));
  const done: RedrivenLetter[] = [];
  const waiting = new Set(ours);
  try {
    for (const each of ours) {
      options.signal?.throwIfAborted();
      // It took too long and another reader may have received it: that reader redrives it.
      const isOurs = await queue.hold(each.message, redriveSeconds);
      waiting.delete(each);
      if (!isOurs) continue;
      const redriven = await launch(clients, launcher, each.letter);
      if (redriven.outcome === 'kept') await queue.release([each.message]);
      else await queue.remove(each.message);
      done.push(redriven);
      options.onRedriven?.(redriven);
    }
  } finally {
    await queue.release([...waiting].map(({ message }) => message));
  }
  return done;
}

async function openQueue(
  clients: Pick<Clients, 'cloudFormation' | 'sqs'>,
  { installation = defaultInstallation }: DeadLetterOptions,
): Promise<DeadLetterQueue> {
  const { environment } = await readCore(clients, installation);
  return await DeadLetterQueue.open(clients, environment.deadLetterQueueArn);
}

function lettersOf(messages: readonly HeldMessage[], workflow: string) {
  return messages
    .flatMap((message) => {
      const letter = parseDeadLetter(message.id, message.body);
      return letter?.workflow === workflow ? [{ letter, message }] : [];
    })
    .sort((a, b) => a.letter.failedAt.getTime() - b.letter.failedAt.getTime());
}

async function launch(
  clients: Pick<Clients, 'lambda'>,
  { functionName }: Launcher,
  letter: DeadLetter,
): Promise<RedrivenLetter> {
  try {
    const launched = await invokeLauncher(clients, { functionName, qualifier: liveAliasName, event: letter.event });
    return { ...letter, ...launched };
  } catch (error) {
    return { ...letter, outcome: 'kept', error: explainError(error).message };
  }
}
