import { type AccountLimit, type AccountUsage, GetAccountSettingsCommand } from '@aws-sdk/client-lambda';
import type { Clients } from '../aws/clients.js';
import { listStateMachines } from '../aws/state-machine.js';
import { type Outcome, ok, warning } from './finding.js';

/** Step Functions, "Quotas related to state machines": registered state machines of an account and region. */
const mostStateMachines = 10_000;

/** A share of a quota from which one should act. */
const near = 0.8;

/** Below this, launches and the functions between the jobs of a burst are throttled most of the time. */
const enoughConcurrency = 100;

/** The quotas that grow with versions, and Lambda's concurrency, which is 10 in some new accounts. */
export async function examineQuotas(clients: Pick<Clients, 'lambda' | 'sfn'>): Promise<Outcome[]> {
  const [{ AccountLimit: limit = {}, AccountUsage: usage = {} }, machines] = await Promise.all([
    clients.lambda.send(new GetAccountSettingsCommand({})),
    listStateMachines(clients),
  ]);
  return [concurrency(limit), codeStorage(limit, usage), stateMachines(machines.length)];
}

export function concurrency({ ConcurrentExecutions: all = 0 }: AccountLimit): Outcome {
  if (all >= enoughConcurrency) return ok(`Lambda runs ${all} functions at once.`);
  return warning(
    `Lambda runs only ${all} functions at once in this account and region.`,
    'Ask AWS for more in Service Quotas ("Concurrent executions" of Lambda): 1,000 is its usual value.',
  );
}

export function codeStorage({ TotalCodeSize: most = 0 }: AccountLimit, usage: AccountUsage): Outcome {
  const used = usage.TotalCodeSize ?? 0;
  const text = `Lambda stores ${gib(used)} of at most ${gib(most)} GiB of code`;
  if (used < near * most) return ok(`${text}.`);
  return warning(`${text}; every version of a launcher counts.`, 'Delete old versions with `bclaw prune`.');
}

export function stateMachines(count: number): Outcome {
  const text = `There are ${count} of at most ${mostStateMachines} state machines`;
  if (count < near * mostStateMachines) return ok(`${text}.`);
  return warning(`${text}; every version of a workflow is one.`, 'Delete old versions with `bclaw prune`.');
}

const gib = (bytes: number): string => (bytes / 2 ** 30).toFixed(bytes < 2 ** 30 ? 2 : 0);
