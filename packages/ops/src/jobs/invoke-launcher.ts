import { InvokeCommand } from '@aws-sdk/client-lambda';
import { BclawError } from '@bclaw/spec';
import type { Clients } from '../aws/clients.js';

export interface LauncherCall {
  readonly functionName: string;
  /** An alias or a version number. */
  readonly qualifier: string;
  readonly event: unknown;
}

/** The launcher's result for an event; see `LaunchResult` of @bclaw/launcher. */
export interface Launched {
  /** `duplicate`: the job had already been launched. `ignored`: there was nothing to launch. */
  readonly outcome: 'started' | 'duplicate' | 'ignored';
  readonly executionArn?: string;
}

/**
 * Invokes a launcher and waits for its response.
 *
 * @throws BclawError `launch-failed` with the launcher's error; AWS's own errors when it could not be invoked
 */
export async function invokeLauncher(
  clients: Pick<Clients, 'lambda'>,
  { functionName, qualifier, event }: LauncherCall,
): Promise<Launched> {
  const answer = await clients.lambda.send(
    new InvokeCommand({
      FunctionName: functionName,
      Qualifier: qualifier,
      Payload: Buffer.from(JSON.stringify(event)),
    }),
  );
  const result: unknown = JSON.parse(Buffer.from(answer.Payload ?? []).toString() || '{}');
  if (answer.FunctionError !== undefined) {
    throw new BclawError('launch-failed', failureOf(result) ?? `The launcher ${functionName} failed.`, {
      hint: `See the launcher's log group, /aws/lambda/${functionName}.`,
    });
  }
  return launched(result);
}

function failureOf(result: unknown): string | undefined {
  if (typeof result !== 'object' || result === null || !('errorMessage' in result)) return undefined;
  return String(result.errorMessage);
}

function launched(result: unknown): Launched {
  if (typeof result !== 'object' || result === null || !('outcome' in result)) return { outcome: 'started' };
  const outcome = result.outcome === 'duplicate' || result.outcome === 'ignored' ? result.outcome : 'started';
  if (!('executionArn' in result) || typeof result.executionArn !== 'string') return { outcome };
  return { outcome, executionArn: result.executionArn };
}
