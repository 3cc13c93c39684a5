import { DeleteFunctionCommand } from '@aws-sdk/client-lambda';
import { DeleteStateMachineVersionCommand } from '@aws-sdk/client-sfn';
import { launcherFunctionName, stateMachineVersionArn } from '@bclaw/spec/contract';
import type { Clients } from '../aws/clients.js';
import { isAwsError } from '../aws/explain-error.js';

/**
 * Sees to it that a version can never be live again. Lambda refuses to delete a version that an alias routes to, and an alias
 * can't be moved to a version that is deleted: so whoever comes second, a clean-up or a rollback, is told so, and `live` never
 * names a version that is being deleted.
 *
 * @returns `'live'` when somebody has moved the alias to it
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
 * Lets a state machine start nothing any more; what runs goes on. Step Functions ends the executions of a state machine that is
 * being deleted at their next transition, so this must come before the last look at what runs.
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
