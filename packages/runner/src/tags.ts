import { BclawError, type JobData, substitute } from '@bclaw/spec/run-time';

/** Limits on tags, from Amazon S3's guide, "Object tagging". */
const limits = { count: 10, key: 128, value: 256 } as const;
const characters = /^[\p{L}\p{N}\p{Z}_.:/=+@-]*$/u;

/**
 * The tags of an output's objects, with the job's data substituted.
 *
 * @param output its name, for the error message
 * @throws BclawError `bad-tag` for a tag that S3 would reject after the commands have run
 */
export function outputTags(
  output: string,
  template: Readonly<Record<string, string>>,
  data: JobData,
): Readonly<Record<string, string>> {
  const tags = Object.entries(template).map(([key, value]) => [key, substitute(value, data)] as const);
  const problem =
    tags.length > limits.count
      ? `${tags.length} tags, and S3 takes ${limits.count} of an object`
      : tags.map(([key, value]) => problemOf(key, value)).find((found) => found !== undefined);
  if (problem === undefined) return Object.fromEntries(tags);
  throw new BclawError('bad-tag', `The output "${output}" cannot be tagged: it has ${problem}.`, {
    hint: 'Correct the job data that the tag uses: letters, digits, spaces and _ . : / = + - @ are allowed.',
  });
}

function problemOf(key: string, value: string): string | undefined {
  const tag = `the tag "${key}" with the value "${value.length > 300 ? `${value.slice(0, 300)}…` : value}"`;
  if (key.length > limits.key) return `${tag}, whose name has more than ${limits.key} characters`;
  if (value.length > limits.value) return `${tag}, which has ${value.length} characters where S3 takes ${limits.value}`;
  const bad = [...`${key}${value}`].find((character) => !characters.test(character));
  if (bad !== undefined) return `${tag}, and S3 takes no ${JSON.stringify(bad)} in a tag`;
  return /^aws:/i.test(key) ? `${tag}, and such names are for AWS alone` : undefined;
}
