import { Type } from 'typebox';
import type { Operation } from '../../../operation.js';
import { AwsError } from '../../../wire/aws-error.js';
import { statesErrors } from '../errors.js';
import { type Json, parseJson } from '../interpreter/data/json.js';
import { isTaskToken } from '../interpreter/run/task-token.js';
import { operation, token } from '../operation.js';
import type { Parts } from '../request/parts.js';

function output(text: string): Json {
  try {
    return parseJson(text);
  } catch {
    throw new AwsError('InvalidOutput', "Invalid Output: 'The output is not valid JSON'");
  }
}

/** @throws AwsError InvalidToken for text that cannot be a token */
function checked(token: string): string {
  if (!isTaskToken(token)) throw statesErrors.invalidToken();
  return token;
}

function answered(found: boolean): object {
  if (!found) throw new AwsError('TaskTimedOut', "Task Timed Out: 'Provided task does not exist anymore'");
  return {};
}

/** The operations that return a task token (`.waitForTaskToken`). */
export function callbackOperations({ callbacks }: Parts): Operation[] {
  return [
    operation('SendTaskSuccess', Type.Object({ taskToken: token, output: Type.String() }), (input) => {
      return answered(callbacks.succeed(checked(input.taskToken), output(input.output)));
    }),

    operation(
      'SendTaskFailure',
      Type.Object({
        taskToken: token,
        error: Type.Optional(Type.String({ maxLength: 256 })),
        cause: Type.Optional(Type.String({ maxLength: 32_768 })),
      }),
      ({ taskToken, error, cause }) => {
        return answered(callbacks.fail(checked(taskToken), error, cause));
      },
    ),

    operation('SendTaskHeartbeat', Type.Object({ taskToken: token }), ({ taskToken }) => {
      return answered(callbacks.beat(checked(taskToken)));
    }),
  ];
}
