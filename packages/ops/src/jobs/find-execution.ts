import { DescribeExecutionCommand } from '@aws-sdk/client-sfn';
import { BclawError } from '@bclaw/spec';
import { parseVersionedName, stateMachineName } from '@bclaw/spec/contract';
import { given } from '@bclaw/spec/given';
import { arnScope, executionArn, parseExecutionArn, stateMachineArn } from '../aws/arn.js';
import type { Clients } from '../aws/clients.js';
import { isAwsError } from '../aws/explain-error.js';
import { inParallel } from '../aws/in-parallel.js';
import { readLive, routedVersions } from '../versions/live.js';
import { machinesOf, machinesOfAll, type WorkflowMachine } from '../versions/workflow-machines.js';
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
 * A name is unique only within a state machine. It is looked for in the live version first when `workflow` is given,
 * then in the newest versions of each workflow, a few at a time, until it is found: of two executions with one name, which bclaw
 * never starts, the ARN tells the older version's.
 *
 * @param execution ARN or name; a name is searched in the state machines of all workflows, or in those of `workflow`
 * @throws BclawError `no-such-execution`
 */
export async function findExecution(
  clients: Pick<Clients, 'lambda' | 'sfn'>,
  execution: string,
  options: { readonly workflow?: string } = {},
): Promise<ExecutionDescription> {
  const found = execution.startsWith('arn:')
    ? await describeExecution(clients, execution)
    : await findByName(clients, execution, options.workflow);
  if (found !== undefined) return found;
  throw new BclawError('no-such-execution', `There is no execution "${execution}" here.`, {
    hint: 'List them with `bclaw executions <workflow>`; a job that was submitted just now may take a moment to start.',
  });
}

/** State machines asked at once. */
const askedAtOnce = 8;

async function findByName(
  clients: Pick<Clients, 'lambda' | 'sfn'>,
  name: string,
  workflow: string | undefined,
): Promise<ExecutionDescription | undefined> {
  const live = workflow === undefined ? undefined : await readLive(clients, workflow);
  const liveMachines =
    workflow === undefined || live === undefined
      ? []
      : routedVersions(live).map((version) => stateMachineArn(arnScope(live.arn), stateMachineName(workflow, version)));
  const onLive = await newestNamed(clients, name, liveMachines);
  if (onLive !== undefined) return onLive;

  const all = workflow === undefined ? machinesOfAll(clients) : machinesOf(clients, new Set([workflow]));
  const machines = newestOfEachFirst(await all).filter((arn) => !liveMachines.includes(arn));
  for (let asked = 0; asked < machines.length; asked += askedAtOnce) {
    const found = await newestNamed(clients, name, machines.slice(asked, asked + askedAtOnce));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** ARNs: the newest version of each workflow, then the second newest of each, and so on. */
function newestOfEachFirst(machines: readonly WorkflowMachine[]): string[] {
  const newestFirst = machines.toSorted((a, b) => b.createdAt.getTime() - a.createdAt.getTime());
  const seen = new Map<string, number>();
  return newestFirst
    .map(({ arn, workflow }) => {
      const newer = seen.get(workflow) ?? 0;
      seen.set(workflow, newer + 1);
      return { arn, newer };
    })
    .sort((a, b) => a.newer - b.newer)
    .map(({ arn }) => arn);
}

async function newestNamed(
  clients: Pick<Clients, 'sfn'>,
  name: string,
  machines: readonly string[],
): Promise<ExecutionDescription | undefined> {
  const found = await inParallel(machines, (arn) => describeExecution(clients, executionArn(arn, name)));
  const [newest] = found
    .filter((description) => description !== undefined)
    .sort((a, b) => b.startedAt.getTime() - a.startedAt.getTime());
  return newest;
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
