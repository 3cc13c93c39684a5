import type { Clients } from './clients.js';
import { inParallel } from './in-parallel.js';
import { readStateMachine } from './state-machine.js';

/** By the ARN of a state machine: the others whose definition names it, or one of its versions or aliases. */
export type Callers = ReadonlyMap<string, readonly { readonly name: string; readonly arn: string }[]>;

/**
 * Finds out which state machines could call some. Reads every definition once, for all of them: an account may have hundreds,
 * and Step Functions lets DescribeStateMachine be called about twenty times a second (Quotas, "API action throttling").
 *
 * @param called ARNs of state machines
 * @param machines those that may call them, or all that there are
 */
export async function readCallers(
  clients: Pick<Clients, 'sfn'>,
  called: readonly string[],
  machines: readonly { readonly name: string; readonly arn: string }[],
): Promise<Callers> {
  const callers = new Map<string, { readonly name: string; readonly arn: string }[]>();
  if (called.length === 0) return callers;
  const named = await inParallel(machines, async ({ arn }) => {
    const definition = (await readStateMachine(clients, arn))?.definition ?? '';
    return called.filter((other) => other !== arn && names(definition, other));
  });
  for (const [index, machine] of machines.entries())
    for (const arn of named[index] ?? []) callers.set(arn, [...(callers.get(arn) ?? []), machine]);
  return callers;
}

const names = (definition: string, arn: string): boolean =>
  definition.includes(`"${arn}"`) || definition.includes(`"${arn}:`);
