import { BclawError } from '@bclaw/spec';
import { initializeStateName, stateMachineName } from '@bclaw/spec/contract';
import { given } from '@bclaw/spec/given';
import { findJobFaults, type JobRequirements } from '@bclaw/spec/job-schema';
import { stateMachineArn } from '../aws/arn.js';
import type { Clients } from '../aws/clients.js';
import { isAwsError } from '../aws/explain-error.js';
import { inParallel } from '../aws/in-parallel.js';
import { readStateMachine } from '../aws/state-machine.js';
import type { Launcher } from '../versions/launcher-function.js';
import { readLive, routedVersions } from '../versions/live.js';

/** The requirements of the versions that may run the next job; none of what cannot be read. */
export async function readRequirements(
  clients: Pick<Clients, 'lambda' | 'sfn'>,
  launcher: Launcher,
  version: number | undefined,
): Promise<JobRequirements[]> {
  const live = version === undefined && launcher.versioned ? await readLive(clients, launcher.workflow) : undefined;
  const versions = version !== undefined ? [version] : launcher.versioned ? routedVersions(live) : [undefined];
  const found = await inParallel(versions, async (number) => {
    try {
      const arn = stateMachineArn(launcher.scope, stateMachineName(launcher.workflow, number));
      const machine = await readStateMachine(clients, arn);
      return machine === undefined ? undefined : requirementsIn(machine.definition);
    } catch (error) {
      // Who may submit jobs need not be allowed to read state machines; the job itself checks its data again.
      if (isAwsError(error, 'AccessDeniedException')) return undefined;
      throw error;
    }
  });
  return found.filter((requirements) => requirements !== undefined);
}

/** The request of the state `Initialize` to its function has them. */
function requirementsIn(definition: string): JobRequirements | undefined {
  const machine: unknown = JSON.parse(definition);
  const request = memberAt(machine, ['States', initializeStateName, 'Parameters', 'Payload']);
  const repository = memberAt(request, ['repository']);
  const schema = memberAt(request, ['job_schema']);
  if (typeof repository !== 'string') return undefined;
  return { repository, ...given({ schema: typeof schema === 'string' ? JSON.parse(schema) : undefined }) };
}

function memberAt(root: unknown, path: readonly string[]): unknown {
  let node = root;
  for (const name of path) {
    if (typeof node !== 'object' || node === null) return undefined;
    node = Reflect.get(node, name);
  }
  return node;
}

/** The most faults that one error lists. */
const mostFaults = 20;

/**
 * Refuses job files that a workflow would refuse, with all of their faults at once.
 *
 * @throws BclawError `bad-job-data`
 */
export function requireGoodFiles(
  files: readonly { readonly name: string; readonly body: string | Uint8Array }[],
  requirements: readonly JobRequirements[],
  workflow: string,
): void {
  const faults = files.flatMap(({ name, body }) =>
    [...new Set(requirements.flatMap((one) => findJobFaults(body, one)))].map((fault) => `${name}: ${fault}`),
  );
  if (faults.length === 0) return;
  const more = faults.length - mostFaults;
  const list = [...faults.slice(0, mostFaults), ...(more > 0 ? [`and ${more} more`] : [])];
  throw new BclawError('bad-job-data', `"${workflow}" would refuse this:\n  ${list.join('\n  ')}`, {
    hint: `Nothing was submitted. Correct the job ${files.length === 1 ? 'file' : 'files'} and run this again.`,
  });
}
