import { PutObjectCommand } from '@aws-sdk/client-s3';
import { DescribeExecutionCommand } from '@aws-sdk/client-sfn';
import { executionName } from '@bclaw/launcher';
import { BclawError } from '@bclaw/spec';
import { defaultInstallation, stateMachineName, submittedFolder } from '@bclaw/spec/contract';
import { given } from '@bclaw/spec/given';
import { executionArn, stateMachineArn } from '../aws/arn.js';
import type { Clients } from '../aws/clients.js';
import { isAwsError } from '../aws/explain-error.js';
import { inParallel } from '../aws/in-parallel.js';
import { poll } from '../aws/poll.js';
import { readCore } from '../deploy/core.js';
import { incompleteBecause, readHealth, requirePublished } from '../versions/health.js';
import { type Launcher, listLauncherVersions, requireLauncher } from '../versions/launcher-function.js';
import { readLive, routedVersions } from '../versions/live.js';
import { invokeLauncher } from './invoke-launcher.js';
import { readRequirements, requireGoodFiles } from './job-file.js';

/** A job file to submit. */
export interface JobFileToSubmit {
  /** Its name in the launcher bucket, folders allowed: `batch-7/sample-1.json`. */
  readonly name: string;
  readonly body: string | Uint8Array;
}

export interface SubmitOptions {
  readonly workflow: string;
  readonly files: readonly JobFileToSubmit[];
  /** Runs the jobs on this version, regardless of which one is live. Default: the live version. */
  readonly version?: number;
  /** The core stack's name. Default `bayerclaw2`. */
  readonly installation?: string;
}

/** A job file in the launcher bucket, and the execution that it starts. */
export interface SubmittedJob {
  readonly file: string;
  readonly bucket: string;
  readonly key: string;
  readonly version: string;
  /** Name of the execution, on any version. */
  readonly executionName: string;
  /** The execution itself, when it was started on a version by its number. */
  readonly executionArn?: string;
}

/**
 * Submits jobs: puts job files into the launcher bucket, under the workflow's name. With a `version`, puts them under a
 * prefix whose events do not reach the live version, and invokes the launcher of that version directly.
 *
 * Nothing is submitted when one of the files is no JSON object, lacks what the repository needs, or does not fit the
 * `JobSchema` of a version that may run it.
 *
 * @throws BclawError `no-such-workflow`, `not-installed`, `bad-job-name`, `bad-job-data`; with a `version` also `not-versioned`,
 * `no-such-version`,
 * `unhealthy-version`, `launch-failed`
 *
 * @example
 * ```ts
 * const [job] = await submit(clients, { workflow: 'variant-calling', files: [{ name: 'sample-1.json', body }] });
 * ```
 */
export async function submit(
  clients: Pick<Clients, 'batch' | 'cloudFormation' | 'lambda' | 's3' | 'sfn'>,
  options: SubmitOptions,
): Promise<SubmittedJob[]> {
  const { workflow, version } = options;
  for (const { name } of options.files) requireJobName(name);
  const [core, launcher] = await Promise.all([
    readCore(clients, options.installation ?? defaultInstallation),
    requireLauncher(clients, workflow),
  ]);
  if (version !== undefined) await requireHealthyVersion(clients, launcher, version);
  requireGoodFiles(options.files, await readRequirements(clients, launcher, version), workflow);
  const bucket = core.environment.launcherBucket;
  return await inParallel(options.files, async ({ name, body }) => {
    const key = `${version === undefined ? '' : `${submittedFolder}/`}${workflow}/${name}`;
    const { VersionId: uploaded = '' } = await clients.s3.send(
      new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ContentType: 'application/json' }),
    );
    const job = { file: name, bucket, key, version: uploaded, executionName: executionName(key, workflow, uploaded) };
    if (version === undefined) return job;
    const { executionArn } = await invokeLauncher(clients, {
      functionName: launcher.functionName,
      qualifier: String(version),
      event: { bucket, key, version: uploaded },
    });
    return { ...job, ...given({ executionArn }) };
  });
}

/** S3 and the launcher treat a name that ends in a slash as a folder. */
function requireJobName(name: string): void {
  if (name !== '' && !name.endsWith('/')) return;
  throw new BclawError('bad-job-name', `"${name}" can't be the name of a job file: it is a folder's.`, {
    hint: 'Give the file a name, such as sample-1.json.',
  });
}

async function requireHealthyVersion(
  clients: Pick<Clients, 'batch' | 'lambda' | 'sfn'>,
  launcher: Launcher,
  version: number,
): Promise<void> {
  const { workflow } = launcher;
  const [target] = launcher.versioned ? await readHealth(clients, launcher, [version]) : [];
  if (target?.machine === undefined) await requirePublished(clients, workflow, version);
  const ailment = target === undefined ? undefined : incompleteBecause(target.health);
  if (ailment === undefined) return;
  throw new BclawError('unhealthy-version', `Version ${version} of "${workflow}" can't run jobs: ${ailment}.`, {
    hint: `Nothing was submitted. Choose another version: \`bclaw versions ${workflow}\`.`,
  });
}

export interface LaunchOptions {
  readonly workflow: string;
  readonly executionName: string;
  /** Default: one minute. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

export interface LaunchedJob {
  readonly executionArn: string;
  /** The workflow's version that runs it; absent in an unversioned workflow. */
  readonly version?: number;
}

/**
 * Waits until the launcher has started an execution.
 *
 * @throws BclawError `timed-out`
 */
export async function waitForLaunch(
  clients: Pick<Clients, 'lambda' | 'sfn'>,
  options: LaunchOptions,
): Promise<LaunchedJob> {
  const launcher = await requireLauncher(clients, options.workflow);
  return await poll(() => findLaunched(clients, launcher, options.executionName), {
    what: `the execution ${options.executionName} to start`,
    timeoutMs: options.timeoutMs ?? 60_000,
    intervalMs: 50,
    maxIntervalMs: 2_000,
    hint: `See the launcher's log, /aws/lambda/${launcher.functionName}, and the core's dead-letter queue.`,
    ...given({ signal: options.signal }),
  });
}

async function findLaunched(
  clients: Pick<Clients, 'lambda' | 'sfn'>,
  launcher: Launcher,
  name: string,
): Promise<LaunchedJob | undefined> {
  for (const version of await versionsThatMayRun(clients, launcher)) {
    const arn = executionArn(stateMachineArn(launcher.scope, stateMachineName(launcher.workflow, version)), name);
    try {
      await clients.sfn.send(new DescribeExecutionCommand({ executionArn: arn }));
      return { executionArn: arn, ...given({ version }) };
    } catch (error) {
      if (!isAwsError(error, 'ExecutionDoesNotExist', 'StateMachineDoesNotExist')) throw error;
    }
  }
  return undefined;
}

/** The versions that `live` routes to come first, then the others, because `live` may have moved since the upload. */
async function versionsThatMayRun(
  clients: Pick<Clients, 'lambda'>,
  launcher: Launcher,
): Promise<readonly (number | undefined)[]> {
  if (!launcher.versioned) return [undefined];
  const live = await readLive(clients, launcher.workflow);
  const routed = routedVersions(live);
  const others = (await listLauncherVersions(clients, launcher)).map(({ version }) => version);
  return [...new Set([...routed, ...others.reverse()])];
}
