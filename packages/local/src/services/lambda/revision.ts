import { AwsError } from '../../wire/aws-error.js';

/**
 * Guards a change: the caller's revision id, if given, must be the current one.
 *
 * @throws AwsError `PreconditionFailedException`
 */
export function checkRevision(kind: 'alias' | 'function' | 'policy', present: string, given: string | undefined): void {
  if (given === undefined || given === present) return;
  const read = { alias: 'GetAlias', function: 'GetFunction', policy: 'GetPolicy' }[kind];
  throw new AwsError(
    'PreconditionFailedException',
    `The Revision Id provided does not match the latest Revision Id. Call the ${read} API to retrieve the latest Revision Id`,
    { status: 412, members: { Type: 'User' } },
  );
}
