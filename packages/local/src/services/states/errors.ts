import { AwsError } from '../../wire/aws-error.js';
import { type DefinitionProblem, definitionMessage } from './definition/problems.js';

/** The errors of the Step Functions API, with the same codes and messages. */
export const statesErrors = {
  conflict: (message: string) => new AwsError('ConflictException', message),
  executionAlreadyExists: (arn: string) => new AwsError('ExecutionAlreadyExists', `Execution Already Exists: '${arn}'`),
  executionDoesNotExist: (arn: string) => new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`),
  executionNotRedrivable: (why: string) => new AwsError('ExecutionNotRedrivable', why),
  invalidArn: (arn: string) =>
    new AwsError(
      'InvalidArn',
      arn.startsWith('arn:')
        ? `Invalid Arn: 'Resource type not valid in this context: ${arn}'`
        : `Invalid Arn: 'Invalid ARN prefix: ${arn}'`,
    ),
  invalidDefinition: (problems: readonly DefinitionProblem[]) =>
    new AwsError('InvalidDefinition', definitionMessage(problems)),
  invalidExecutionInput: (why: string) =>
    new AwsError('InvalidExecutionInput', `Invalid State Machine Execution Input: '${why}'`),
  invalidLoggingConfiguration: (why: string) =>
    new AwsError('InvalidLoggingConfiguration', `Invalid Logging Configuration: ${why}`),
  invalidName: (name: string) => new AwsError('InvalidName', `Invalid Name: '${name}'`),
  invalidToken: () => new AwsError('InvalidToken', "Invalid Token: 'Invalid token'"),
  missingRequiredParameter: () =>
    new AwsError(
      'MissingRequiredParameter',
      'Either the definition, the role ARN, the LoggingConfiguration, or the TracingConfiguration must be specified',
    ),
  resourceNotFound: (arn: string) =>
    new AwsError('ResourceNotFound', `Resource not found: '${arn}'`, { members: { resourceName: arn } }),
  stateMachineAlreadyExists: (arn: string) =>
    new AwsError('StateMachineAlreadyExists', `State Machine Already Exists: '${arn}'`),
  stateMachineDeleting: (arn: string) => new AwsError('StateMachineDeleting', `State Machine is deleting: '${arn}'`),
  stateMachineDoesNotExist: (arn: string) =>
    new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`),
  tooManyTags: (arn: string) =>
    new AwsError('TooManyTags', `'${arn}' would have more than 50 tags`, { members: { resourceName: arn } }),
  validation: (message: string, reason?: string) =>
    new AwsError('ValidationException', message, { members: reason === undefined ? {} : { reason } }),
};
