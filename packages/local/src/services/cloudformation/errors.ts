import { AwsError } from '../../wire/aws-error.js';

/** CloudFormation's error for nearly every invalid request or template. */
export function validationError(message: string): AwsError {
  return new AwsError('ValidationError', message);
}

/** An export that no stack has: change sets find it only when they are worked out. */
export class MissingExport extends AwsError {
  constructor(name: string) {
    super('ValidationError', `No export named ${name} found.`);
  }
}

/** Returns the message of any thrown value. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
