import { clientException } from './operation.js';

/**
 * Replaces `Ref::name` in a job's command. Values are inserted unchanged and not scanned again, so a value that
 * contains `Ref::` stays as it is; a name without a value also stays, as in AWS Batch.
 *
 * @example
 * ```ts
 * substituteParameters(['--in', 'Ref::file'], { file: 'a.txt' }); // ['--in', 'a.txt']
 * ```
 */
export function substituteParameters(
  command: readonly string[],
  parameters: Readonly<Record<string, string>>,
): readonly string[] {
  return command.map((argument) =>
    argument.replace(/Ref::([A-Za-z0-9_-]+)/g, (reference, name: string) =>
      Object.hasOwn(parameters, name) ? (parameters[name] ?? reference) : reference,
    ),
  );
}

/**
 * Batch refuses a command with an empty element, in a definition and, after parameters were inserted, in a submission
 * (boto/boto3#3612, broadinstitute/cromwell#3737).
 *
 * @throws AwsError `ClientException`
 */
export function refuseEmptyElements(command: readonly string[] | undefined): void {
  if (command?.includes('')) throw clientException('Command cannot be empty');
}
