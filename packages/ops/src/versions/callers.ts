import type { Clients } from '../aws/clients.js';
import { inParallel } from '../aws/in-parallel.js';
import { readStateMachine } from '../aws/state-machine.js';

/** A version that others could call. */
export interface CalledVersion {
  readonly workflow: string;
  readonly version: number;
  /** ARN of its state machine. */
  readonly arn: string;
}

/**
 * By the ARN of a version's state machine: the others whose definition names it, one of its versions or aliases, or
 * that version of the workflow.
 */
export type Callers = ReadonlyMap<string, readonly { readonly name: string; readonly arn: string }[]>;

/**
 * Finds the state machines that could call the given versions. Reads every definition only once, because an account may
 * have hundreds of them and Step Functions throttles its API by a token bucket per account and region ("Quotas related
 * to API action throttling").
 *
 * @param machines the potential callers, or all state machines
 */
export async function readCallers(
  clients: Pick<Clients, 'sfn'>,
  called: readonly CalledVersion[],
  machines: readonly { readonly name: string; readonly arn: string }[],
): Promise<Callers> {
  if (called.length === 0) return new Map();
  const named = await inParallel(machines, async ({ arn }) => {
    const definition = (await readStateMachine(clients, arn))?.definition ?? '';
    return called.filter((other) => other.arn !== arn && names(definition, other)).map((other) => other.arn);
  });
  return new Map(called.map(({ arn }) => [arn, machines.filter((_, index) => named[index]?.includes(arn))]));
}

/** A subpipe by name, `subpipe: name:9`, is resolved at run time: the definition has it as the template has it. */
const names = (definition: string, { arn, workflow, version }: CalledVersion): boolean =>
  definition.includes(`"${arn}"`) ||
  definition.includes(`"${arn}:`) ||
  new RegExp(`"subpipe"\\s*:\\s*"${workflow}:${version}"`).test(definition);
