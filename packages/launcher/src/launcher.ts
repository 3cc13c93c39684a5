import type { S3Client } from '@aws-sdk/client-s3';
import { type SFNClient, StateMachineDeleting, StateMachineDoesNotExist } from '@aws-sdk/client-sfn';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { JobFile } from '@bclaw/spec/contract';
import { nameAndMessage } from './errors.js';
import { executionName } from './execution-name.js';
import { jobFileFromEvent } from './job-file.js';
import { LaunchRecords } from './launch-record.js';
import { type BatchResponse, launchMessages } from './queue/launch-messages.js';
import { LaunchQueues } from './queue/launch-queues.js';
import { messagesOf } from './queue/message.js';
import { isPassing } from './queue/waiting.js';
import { findStarted, type Start, type Started, startOnce } from './start.js';
import { type InvocationContext, invokedVersion, refuseOtherVersions, targetOf } from './target.js';

export interface LauncherConfig {
  /**
   * The workflow's name: job files are below `<workflow>/`, its state machines are `<workflow>` or `<workflow>--<N>`.
   */
  readonly workflow: string;
  /** True when each version of the function has its own state machine. */
  readonly versioned: boolean;
  /** The queue for launches that failed for good, if job files come through a queue. */
  readonly deadLetterQueueArn?: string;
}

export interface LauncherOptions {
  readonly sfn: SFNClient;
  /**
   * For launch records: with them, a job runs once even when deliveries of its event reach two versions. Without them,
   * duplicates are harmless only on one version.
   */
  readonly s3?: S3Client;
  /** For job files that come through a queue: messages that wait, are tried again, or become dead letters. */
  readonly sqs?: SQSClient;
  readonly config: LauncherConfig;
  /** Called with one entry per invocation. Default: writes a line of JSON to standard output. */
  readonly log?: (entry: LaunchLogEntry) => void;
}

/** The result for an event. */
export type LaunchResult =
  /** A folder marker: nothing to run. */
  | { readonly outcome: 'ignored'; readonly jobFile: JobFile }
  | {
      /** `duplicate`: the job had already been started. */
      readonly outcome: 'started' | 'duplicate';
      readonly jobFile: JobFile;
      /** Version of the workflow that runs the job; absent for an unversioned one. */
      readonly version?: string;
      readonly executionName: string;
      readonly executionArn: string;
    };

export type LaunchLogEntry = {
  readonly level: 'info' | 'error';
  readonly workflow: string;
  /** The invoked version of the function. */
  readonly functionVersion: string;
} & (LaunchResult | { readonly outcome: 'failed'; readonly error: string; readonly message: string });

/** A Lambda handler. For messages of a queue, its result names those that stay in the queue. */
export type Launcher = (event: unknown, context: InvocationContext) => Promise<LaunchResult | BatchResponse>;

/**
 * Creates the handler that starts an execution of the invoked version's state machine for a job file.
 *
 * The event is one job file's, or a batch of SQS messages that each contain one. A message whose launch AWS throttles,
 * or that meets an outage, stays in the queue and is tried again later; one that fails three times for another reason
 * becomes a dead letter, in the format of Lambda's invocation records.
 *
 * @returns a handler that rejects for a single event with `LaunchRefused` unless it is a job file's, and with AWS's error when
 * a call fails; Lambda then retries and finally writes to the dead-letter queue. For messages it rejects only when there
 * is no `sqs`.
 *
 * @example
 * ```ts
 * export const handler = createLauncher({
 *   sfn: new SFNClient({ maxAttempts: 1 }),
 *   s3: new S3Client(),
 *   config: { workflow: 'my-workflow', versioned: true },
 * });
 * ```
 */
export function createLauncher(options: LauncherOptions): Launcher {
  const { config, sqs, log = writeLine } = options;
  const tryToLaunch = async (event: unknown, context: InvocationContext) => {
    const base = { workflow: config.workflow, functionVersion: context.functionVersion };
    try {
      const result = await launch(event, context, options);
      log({ level: 'info', ...base, ...result });
      return result;
    } catch (error) {
      const [name, message] = nameAndMessage(error);
      log({ level: 'error', ...base, outcome: 'failed', error: name, message });
      throw error;
    }
  };
  const queues = sqs && new LaunchQueues(sqs, config.deadLetterQueueArn);
  return async (event, context) => {
    const messages = messagesOf(event);
    if (messages === undefined || queues === undefined) return await retried(() => tryToLaunch(event, context));
    return await launchMessages(messages, (body) => tryToLaunch(body, context), { queues, context });
  };
}

/** Tries of an event that waits in no queue, as the SDK would make them. */
const tries = 3;

async function retried<T>(launchOnce: () => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried++) {
    try {
      return await launchOnce();
    } catch (error) {
      if (tried === tries || !isPassing(error)) throw error;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 100 * 2 ** tried));
    }
  }
}

const writeLine = (entry: LaunchLogEntry): void => {
  process.stdout.write(`${JSON.stringify(entry)}\n`);
};

async function launch(
  event: unknown,
  context: InvocationContext,
  { sfn, s3, config }: LauncherOptions,
): Promise<LaunchResult> {
  const jobFile = jobFileFromEvent(event);
  if (jobFile.key.endsWith('/')) return { outcome: 'ignored', jobFile };
  const version = invokedVersion(config, context);
  refuseOtherVersions(config, jobFile.key);
  const name = executionName(jobFile.key, config.workflow, jobFile.version);
  const startOn = (runs: string | undefined): Start => ({
    target: targetOf(config.workflow, runs, context),
    name,
    jobFile,
  });
  const about = { jobFile, executionName: name };
  if (version === undefined || s3 === undefined) {
    const started = await startOnce(sfn, startOn(version));
    if ('refusal' in started) throw started.refusal;
    return { ...about, ...outcomeOf(started), ...(version === undefined ? {} : { version }) };
  }
  const records = new LaunchRecords(s3, config.workflow, name, jobFile);
  return { ...about, ...(await launchClaimed(records, version, sfn, startOn)) };
}

/** Returns true if the error means that a version cannot start executions any more. */
const isGone = (error: unknown): boolean =>
  error instanceof StateMachineDoesNotExist || error instanceof StateMachineDeleting;

type Outcome = { readonly outcome: 'started' | 'duplicate'; readonly executionArn: string };

const outcomeOf = ({ executionArn, duplicate }: Started): Outcome => ({
  outcome: duplicate ? 'duplicate' : 'started',
  executionArn,
});

/** Starts the job on the version that claimed it first, which is this version if there is no claim yet. */
async function launchClaimed(
  records: LaunchRecords,
  version: string,
  sfn: SFNClient,
  startOn: (version: string) => Start,
): Promise<Outcome & { readonly version: string }> {
  const attempt = crypto.randomUUID();
  for (;;) {
    const claim = await records.claim(version, attempt);
    if (claim.executionArn !== undefined) {
      return { outcome: 'duplicate', version: claim.version, executionArn: claim.executionArn };
    }
    const start = startOn(claim.version);
    const end = async (started: Started) => {
      await records.markStarted(claim, started.executionArn);
      return { ...outcomeOf(started), version: claim.version };
    };
    const answer = await startOnce(sfn, start);
    if (!('refusal' in answer)) return await end(answer);
    if (isGone(answer.refusal)) {
      // Closed to new executions; but it may have started this one earlier, and the launcher died before it recorded
      // that.
      const earlier = await findStarted(sfn, start);
      if (earlier !== undefined) return await end(earlier);
      if (claim.version !== version) {
        // Claimed and never started, and its version has been pruned since. Whichever launcher wins, the next round
        // reads the valid claim.
        await records.discard(claim);
        continue;
      }
    }
    // Now any version may run the job: the one that the alias leads to at the next try.
    await records.release(claim, attempt);
    throw answer.refusal;
  }
}
