import type { S3Client } from '@aws-sdk/client-s3';
import { type SFNClient, StateMachineDeleting, StateMachineDoesNotExist } from '@aws-sdk/client-sfn';
import type { JobFile } from '@bclaw/spec/contract';
import { executionName } from './execution-name.js';
import { jobFileFromEvent } from './job-file.js';
import { LaunchRecords } from './launch-record.js';
import { findStarted, type Start, type Started, startOnce } from './start.js';
import { type InvocationContext, invokedVersion, refuseOtherVersions, targetOf } from './target.js';

export interface LauncherConfig {
  /**
   * The workflow's name: job files are below `<workflow>/`, its state machines are `<workflow>` or `<workflow>--<N>`.
   */
  readonly workflow: string;
  /** True when each version of the function has its own state machine. */
  readonly versioned: boolean;
}

export interface LauncherOptions {
  readonly sfn: SFNClient;
  /**
   * For launch records: with them, a job runs once even when deliveries of its event reach two versions. Without them,
   * duplicates are harmless only on one version.
   */
  readonly s3?: S3Client;
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

/** A Lambda handler. */
export type Launcher = (event: unknown, context: InvocationContext) => Promise<LaunchResult>;

/**
 * Creates the handler that starts an execution of the invoked version's state machine for a job file.
 *
 * @returns a handler that rejects with `LaunchRefused` for any event except a job file's, and with AWS's error when a
 * call fails; Lambda then retries and finally writes to the dead-letter queue
 *
 * @example
 * ```ts
 * export const handler = createLauncher({
 *   sfn: new SFNClient(),
 *   s3: new S3Client(),
 *   config: { workflow: 'my-workflow', versioned: true },
 * });
 * ```
 */
export function createLauncher(options: LauncherOptions): Launcher {
  const { config, log = writeLine } = options;
  return async (event, context) => {
    const base = { workflow: config.workflow, functionVersion: context.functionVersion };
    try {
      const result = await launch(event, context, options);
      log({ level: 'info', ...base, ...result });
      return result;
    } catch (error) {
      const [name, message] = error instanceof Error ? [error.name, error.message] : ['Error', String(error)];
      log({ level: 'error', ...base, outcome: 'failed', error: name, message });
      throw error;
    }
  };
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
  for (;;) {
    const claim = await records.claim(version);
    if (claim.executionArn !== undefined) {
      return { outcome: 'duplicate', version: claim.version, executionArn: claim.executionArn };
    }
    const start = startOn(claim.version);
    const started = await startOnce(sfn, start).catch(async (error: unknown) => {
      if (!isGone(error)) throw error;
      // Closed to new executions; but it may have started this one earlier, and the launcher died before it recorded
      // that.
      const earlier = await findStarted(sfn, start);
      if (earlier === undefined && claim.version === version) throw error;
      return earlier;
    });
    if (started !== undefined) {
      await records.markStarted(claim, started.executionArn);
      return { ...outcomeOf(started), version: claim.version };
    }
    // Claimed and never started, and its version has been pruned since. Whichever launcher wins the overwrite, the next
    // round reads the valid claim.
    await records.reclaim(claim, version);
  }
}
