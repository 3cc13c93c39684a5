import { AwsError } from '../../wire/aws-error.js';
import { parseJsonText } from './json-text.js';

/**
 * The texts of a message that is published with a message structure, one for each protocol.
 *
 * @throws AwsError unless the message is a JSON object with string values and a `default`
 */
export function messageVariants(message: string): Readonly<Record<string, string>> {
  const entries = Object.entries(parseJsonText(message) ?? {}).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  const variants = Object.fromEntries(entries);
  if (variants['default'] === undefined)
    throw new AwsError(
      'InvalidParameter',
      'Invalid parameter: Message Structure - No default entry in JSON message body',
    );
  return variants;
}
