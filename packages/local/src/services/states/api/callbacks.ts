import type { Operations } from '../../../kernel/service.js';
import { AwsError } from '../../../wire/aws-error.js';
import { parseInput } from '../../../wire/parse-input.js';
import { type Json, parseJson } from '../interpreter/data/json.js';
import type { Parts } from './parts.js';
import { SendTaskFailureInput, SendTaskHeartbeatInput, SendTaskSuccessInput } from './requests.js';

function output(text: string): Json {
  try {
    return parseJson(text);
  } catch {
    throw new AwsError('InvalidOutput', "Invalid Output: 'The output is not valid JSON'");
  }
}

function answered(found: boolean): object {
  if (!found) throw new AwsError('TaskTimedOut', "Task Timed Out: 'Provided task does not exist anymore'");
  return {};
}

/** The operations with which a task hands back its token (`.waitForTaskToken`). */
export function callbackOperations({ callbacks }: Parts): Operations {
  return {
    SendTaskSuccess(given) {
      const input = parseInput(SendTaskSuccessInput, given, 'ValidationException');
      return answered(callbacks.succeed(input.taskToken, output(input.output)));
    },
    SendTaskFailure(given) {
      const { taskToken, error = '', cause = '' } = parseInput(SendTaskFailureInput, given, 'ValidationException');
      return answered(callbacks.fail(taskToken, error, cause));
    },
    SendTaskHeartbeat(given) {
      const { taskToken } = parseInput(SendTaskHeartbeatInput, given, 'ValidationException');
      return answered(callbacks.beat(taskToken));
    },
  };
}
