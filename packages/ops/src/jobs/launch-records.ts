import { paginateListExecutions } from '@aws-sdk/client-sfn';
import { noteStarted } from '@bclaw/launcher';
import { BclawError } from '@bclaw/spec';
import type { Clients } from '../aws/clients.js';
import { isAwsError } from '../aws/explain-error.js';
import { inParallel } from '../aws/in-parallel.js';
import { readCore } from '../deploy/core.js';

/** Launch records expire after this many days, by a lifecycle rule of the launcher bucket. */
const recordDays = 30;

/**
 * The bucket of the launch records; `undefined` when the core is gone, because then nothing can deliver a job file a
 * second time.
 */
export async function recordsBucket(
  clients: Pick<Clients, 'cloudFormation'>,
  installation: string | undefined,
): Promise<string | undefined> {
  try {
    return (await readCore(clients, installation)).environment.launcherBucket;
  } catch (error) {
    if (error instanceof BclawError && error.code === 'not-installed') return undefined;
    throw error;
  }
}

export interface ClosedVersion {
  /** See {@link recordsBucket}. */
  readonly launcherBucket: string | undefined;
  readonly workflow: string;
  readonly version: number;
  readonly stateMachineArn: string;
}

/**
 * Completes the launch records of a version that is about to be deleted: those whose launchers died between starting a
 * job and recording it. Once the version is gone, Step Functions no longer proves that such a job has run.
 */
export async function settleLaunchRecords(clients: Pick<Clients, 's3' | 'sfn'>, closed: ClosedVersion): Promise<void> {
  const { launcherBucket: bucket, workflow, stateMachineArn } = closed;
  if (bucket === undefined) return;
  const version = String(closed.version);
  const oldest = Date.now() - recordDays * 24 * 60 * 60 * 1000;
  try {
    for await (const page of paginateListExecutions({ client: clients.sfn, pageSize: 1000 }, { stateMachineArn })) {
      const executions = page.executions ?? [];
      const recorded = executions.filter(({ startDate }) => (startDate?.getTime() ?? 0) >= oldest);
      await inParallel(recorded, ({ executionArn = '', name: executionName = '' }) =>
        noteStarted(clients.s3, { bucket, workflow, version, executionName, executionArn }),
      );
      // The newest come first.
      if (recorded.length < executions.length) return;
    }
  } catch (error) {
    if (!isAwsError(error, 'StateMachineDoesNotExist')) throw error;
  }
}
