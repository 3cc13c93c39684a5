import { DescribeExecutionCommand } from '@aws-sdk/client-sfn';
import { BclawError } from '@bclaw/spec';
import { parseVersionedName } from '@bclaw/spec/contract';
import { given } from '@bclaw/spec/given';
import { executionArn, parseExecutionArn } from '../aws/arn.js';
import type { Clients } from '../aws/clients.js';
import { isAwsError } from '../aws/explain-error.js';
import { inParallel } from '../aws/in-parallel.js';
import { listStateMachines } from '../aws/state-machine.js';
import type { ExecutionStatus } from './executions.js';
import { branchIndex } from './steps.js';

/** One execution, from Step Functions' `DescribeExecution`. */
export interface ExecutionDescription {
  readonly arn: string;
  readonly name: string;
  readonly workflow: string;
  /** Absent in an unversioned workflow. */
  readonly version?: number;
  /** Index of the branch; only for a branch of a scatter. */
  readonly branch?: string;
  readonly status: ExecutionStatus;
  readonly startedAt: Date;
  readonly stoppedAt?: Date;
  readonly input: string;
  readonly output?: string;
  /** Name of the error; only for a failed execution. */
  readonly error?: string;
  readonly cause?: string;
}

/**
 * Finds an execution by its ARN or by its name.
 *
 * @param execution ARN or name; a name is searched in every state machine of the account and region, or in those of
 * `workflow`
 * @throws BclawError `no-such-execution`
 */
export async function findExecution(
  clients: Pick<Clients, 'sfn'>,
  execution: string,
  options: { readonly workflow?: string } = {},
): Promise<ExecutionDescription> {
  if (execution.startsWith('arn:')) {
    const described = await describeExecution(clients, execution);
    if (described !== undefined) return described;
  } else {
    const machines = (await listStateMachines(clients)).filter(
      ({ name }) => options.workflow === undefined || parseVersionedName(name).base === options.workflow,
    );
    const found = await inParallel(machines, ({ arn }) => describeExecution(clients, executionArn(arn, execution)));
    // A name is unique only within a state machine; use the newest execution.
    const [newest] = found
      .filter((description) => description !== undefined)
      .sort((a, b) => b.startedAt.getTime() - a.startedAt.getTime());
    if (newest !== undefined) return newest;
  }
  throw new BclawError('no-such-execution', `There is no execution "${execution}" here.`, {
    hint: 'List them with `bclaw executions <workflow>`; a job that was submitted just now may take a moment to start.',
  });
}

/** The execution with this ARN, or `undefined` when there is none. */
export async function describeExecution(
  clients: Pick<Clients, 'sfn'>,
  arn: string,
): Promise<ExecutionDescription | undefined> {
  try {
    const sdk = await clients.sfn.send(new DescribeExecutionCommand({ executionArn: arn }));
    const machineName = parseExecutionArn(arn)?.stateMachineArn.split(':').at(-1) ?? '';
    // A branch of a scatter is an execution of `<state machine>/<label of the map>`.
    const { base, version } = parseVersionedName(machineName.replace(/\/.*$/, ''));
    const branch = branchIndex(sdk.input);
    return {
      arn,
      name: sdk.name ?? arn.split(':').at(-1) ?? '',
      workflow: base,
      ...given({ version, branch }),
      status: sdk.status ?? 'RUNNING',
      startedAt: sdk.startDate ?? new Date(0),
      ...given({ stoppedAt: sdk.stopDate }),
      input: sdk.input ?? '{}',
      ...given({ output: sdk.output, error: sdk.error, cause: sdk.cause }),
    };
  } catch (error) {
    if (isAwsError(error, 'ExecutionDoesNotExist', 'StateMachineDoesNotExist', 'InvalidArn')) return undefined;
    throw error;
  }
}
