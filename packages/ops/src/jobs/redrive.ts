import { DescribeExecutionCommand, RedriveExecutionCommand } from '@aws-sdk/client-sfn';
import { BclawError } from '@bclaw/spec';
import { stateMachineName } from '@bclaw/spec/contract';
import { given } from '@bclaw/spec/given';
import { parseExecutionArn } from '../aws/arn.js';
import type { Clients } from '../aws/clients.js';
import { readJobDefinitions } from '../aws/job-definition.js';
import { poll } from '../aws/poll.js';
import { readStateMachine } from '../aws/state-machine.js';
import { type ExecutionDescription, findExecution } from './find-execution.js';

export interface RedriveExecutionOptions {
  /** The execution's ARN or name. */
  readonly execution: string;
  /** Narrows the search for a name. */
  readonly workflow?: string;
}

export interface RedriveResult {
  readonly workflow: string;
  readonly name: string;
  readonly arn: string;
  /** The version that it continues on, which is the one it started on. Absent in an unversioned workflow. */
  readonly version?: number;
}

/**
 * Restarts a failed job from the step that failed, on the version that it started on; steps that succeeded are not run
 * again.
 *
 * Checks first that Step Functions can redrive it and that the version's job definitions still exist.
 *
 * @throws BclawError `no-such-execution`, `not-redrivable`
 *
 * @example
 * ```ts
 * await redrive(createClients(), { execution: 'sample-1_AbCdEfGh' });
 * ```
 */
export async function redrive(
  clients: Pick<Clients, 'batch' | 'lambda' | 'sfn'>,
  options: RedriveExecutionOptions,
): Promise<RedriveResult> {
  const execution = await findExecution(clients, options.execution, options);
  const { arn, name, workflow, version } = execution;
  const [{ redriveStatus, redriveStatusReason, redriveCount = 0 }, machine] = await Promise.all([
    clients.sfn.send(new DescribeExecutionCommand({ executionArn: arn })),
    readStateMachine(clients, parseExecutionArn(arn)?.stateMachineArn ?? ''),
  ]);
  if (redriveStatus === 'REDRIVABLE_BY_MAP_RUN') {
    throw new BclawError(
      'not-redrivable',
      `"${name}" is branch ${execution.branch} of a job, which only goes on as a whole.`,
      {
        hint: 'Nothing was changed. Redrive the job: those of its branches that failed go on, the others are not run again.',
      },
    );
  }
  if (redriveStatus !== undefined && redriveStatus !== 'REDRIVABLE') {
    throw notRedrivable(execution, redriveStatusReason ?? `Step Functions says ${redriveStatus}`);
  }
  if (machine === undefined || machine.status === 'deleting') {
    throw notRedrivable(execution, `its state machine ${stateMachineName(workflow, version)} is gone`);
  }
  const definitions = await readJobDefinitions(clients, machine.jobDefinitionArns);
  const missing = machine.jobDefinitionArns.filter((definition) => definitions.get(definition)?.active !== true);
  if (missing.length > 0) {
    throw notRedrivable(execution, `${missing.length} of its version's job definitions are deregistered`);
  }
  await clients.sfn.send(new RedriveExecutionCommand({ executionArn: arn }));
  // Until then, the execution still looks as it did when it failed.
  await poll(
    async () => {
      const now = await clients.sfn.send(new DescribeExecutionCommand({ executionArn: arn }));
      return (now.redriveCount ?? 0) > redriveCount ? 'begun' : undefined;
    },
    { what: `the redrive of ${name} to begin`, timeoutMs: 60_000, intervalMs: 50 },
  );
  return { workflow, name, arn, ...given({ version }) };
}

function notRedrivable({ name, workflow }: ExecutionDescription, why: string): BclawError {
  return new BclawError('not-redrivable', `The execution "${name}" can't be redriven: ${why.replace(/\.$/, '')}.`, {
    hint: `Nothing was changed. To run the job again, submit its file again: \`bclaw submit ${workflow} <job-file>\`.`,
  });
}
