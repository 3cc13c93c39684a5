import { type CoreEnvironment, coreEnvironmentFromOutputs } from '@bclaw/compiler';
import { BclawError } from '@bclaw/spec';
import { defaultInstallation } from '@bclaw/spec/contract';
import { arnScope } from '../aws/arn.js';
import type { Clients } from '../aws/clients.js';
import { isInReview, isStillborn, readStack, type StackState } from '../aws/stack.js';
import { checkCoreName } from './core-names.js';

/** An installed core: the values that workflows use, and its stack. */
export interface InstalledCore {
  readonly environment: CoreEnvironment;
  readonly stack: StackState;
  /** Bucket for templates that are too large for a request. */
  readonly codeBucket: string;
  /** The macro's name, `BC2_Compiler`. */
  readonly macroName: string;
  /** The bclaw version that installed it. */
  readonly bclawVersion: string;
}

/**
 * Reads the core environment for workflows from the core stack's outputs.
 *
 * @param installation the core stack's name
 * @throws BclawError `bad-core-name`, `not-installed`
 */
export async function readCore(
  clients: Pick<Clients, 'cloudFormation'>,
  installation: string = defaultInstallation,
): Promise<InstalledCore> {
  checkCoreName(installation);
  const stack = await readStack(clients, installation);
  if (stack === undefined || isStillborn(stack) || isInReview(stack)) {
    throw new BclawError('not-installed', `bclaw is not installed here: there is no core stack "${installation}".`, {
      hint: 'Install it with `bclaw install`, or name another core stack with --core.',
    });
  }
  const { partition, region, accountId } = arnScope(stack.id);
  return {
    environment: coreEnvironmentFromOutputs(stack.outputs, { stackName: stack.name, accountId, region, partition }),
    stack,
    codeBucket: output(stack, 'LauncherCodeBucket'),
    macroName: output(stack, 'MacroName'),
    bclawVersion: output(stack, 'BclawVersion'),
  };
}

function output(stack: StackState, name: string): string {
  const value = stack.outputs[name];
  if (value === undefined) {
    throw new BclawError('not-a-core-stack', `The stack "${stack.name}" is no core stack: it has no output ${name}.`, {
      hint: 'Run `bclaw install` to bring it up to date, or name the core stack with --core.',
    });
  }
  return value;
}
