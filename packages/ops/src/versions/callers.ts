import type { Clients } from '../aws/clients.js';
import { inParallel } from '../aws/in-parallel.js';
import { readStateMachine } from '../aws/state-machine.js';

/** By the ARN of a state machine: the others whose definition names it, or one of its versions or aliases. */
export type Callers = ReadonlyMap<string, readonly { readonly name: string; readonly arn: string }[]>;

/**
 * Finds the state machines that could call the given ones. Reads every definition only once, because an account may
 * have hundreds of them and Step Functions throttles its API by a token bucket per account and region ("Quotas related
 * to API action throttling").
 *
 * @param called ARNs of state machines
 * @param machines the potential callers, or all state machines
 */
export async function readCallers(
  clients: Pick<Clients, 'sfn'>,
  called: readonly string[],
  machines: readonly { readonly name: string; readonly arn: string }[],
): Promise<Callers> {
  if (called.length === 0) return new Map();
  const named = await inParallel(machines, async ({ arn }) => {
    const definition = (await readStateMachine(clients, arn))?.definition ?? '';
    return called.filter((other) => other !== arn && names(definition, other));
  });
  return new Map(called.map((arn) => [arn, machines.filter((_, index) => named[index]?.includes(arn))]));
}

const names = (definition: string, arn: string): boolean =>
  definition.includes(`"${arn}"`) || definition.includes(`"${arn}:`);
