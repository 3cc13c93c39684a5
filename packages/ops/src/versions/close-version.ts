import { DeleteFunctionCommand } from '@aws-sdk/client-lambda';
import { DeleteStateMachineVersionCommand } from '@aws-sdk/client-sfn';
import { launcherFunctionName, stateMachineVersionArn } from '@bclaw/spec/contract';
import type { Clients } from '../aws/clients.js';
import { isAwsError } from '../aws/explain-error.js';

/**
 * Makes sure that a version can never be live again. Lambda refuses to delete a version that an alias routes to, and an
 * alias can't be moved to a deleted version: so of a prune and a concurrent rollback, the second one fails, and `live`
 * never names a version that is being deleted.
 *
 * @returns `'live'` when the alias was moved to it meanwhile
 */
export async function retireLauncherVersion(
  clients: Pick<Clients, 'lambda'>,
  workflow: string,
  version: number,
): Promise<'retired' | 'live'> {
  try {
    await clients.lambda.send(
      new DeleteFunctionCommand({ FunctionName: launcherFunctionName(workflow), Qualifier: String(version) }),
    );
  } catch (error) {
    if (isAwsError(error, 'ResourceConflictException')) return 'live';
    if (!isAwsError(error, 'ResourceNotFoundException')) throw error;
  }
  return 'retired';
}

/**
 * Prevents new executions of a state machine; running ones continue. Step Functions aborts the executions of a state
 * machine that is being deleted at their next transition, so this must come before the last check for running
 * executions.
 */
export async function closeStateMachine(clients: Pick<Clients, 'sfn'>, stateMachineArn: string): Promise<void> {
  try {
    await clients.sfn.send(
      new DeleteStateMachineVersionCommand({ stateMachineVersionArn: stateMachineVersionArn(stateMachineArn) }),
    );
  } catch (error) {
    if (!isAwsError(error, 'StateMachineDoesNotExist', 'ResourceNotFound')) throw error;
  }
}
