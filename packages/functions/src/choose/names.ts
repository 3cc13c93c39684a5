import type { S3Client } from '@aws-sdk/client-s3';
import { namesOf, type Value, valueFrom, valueFromJson } from '@bclaw/spec/expressions';
import {
  BclawError,
  type ChooseRequest,
  formatS3Uri,
  type JobData,
  leftByEarlierRun,
  plainData,
} from '@bclaw/spec/run-time';
import { JobError } from '../errors.js';
import { filledInFile, inputName, jobDataAndText, locateFilled } from '../job-data.js';
import { earlierFilesOf } from '../storage/earlier-files.js';
import { readText } from '../storage/objects.js';

/** The values that conditions can name. */
export type Names = ReadonlyMap<string, Value>;

/** Maximum size of an input: conditions read results, not bulk data. */
const maxInputBytes = 32 * 1024 * 1024;

/**
 * The names for a chooser's conditions, and their values.
 *
 * A name that the step declares hides a key of the same name in its only input.
 *
 * @throws JobError `InputNotFound`, `InputInvalid`, `ValueMissing`
 */
export async function namesFor(s3: S3Client, request: ChooseRequest): Promise<Names> {
  const { data, text } = await jobDataAndText(s3, request.payload);
  const inputs = await Promise.all(
    Object.entries(request.inputs).map(
      async ([key, file]) => [inputName(key).name, await inputValue(s3, key, file, data, request)] as const,
    ),
  );
  const [only, ...others] = inputs;
  return new Map([
    ...(only === undefined || others.length > 0 ? [] : lentKeys(only[1])),
    ['job', jobValue(text, request)] as const,
    ['scatter', valueFrom(data.scatter)] as const,
    ['parent', valueFrom(plainData(data).parent)] as const,
    ...inputs,
  ]);
}

/** Keeps numbers as in the job file; parses nothing for conditions without `job`. */
function jobValue(text: string, { conditions }: ChooseRequest): Value {
  if (!conditions.some((condition) => condition !== null && /\bjob\b/.test(condition))) return null;
  return namesOf(valueFromJson(text)).get('job') ?? null;
}

/** Only an object has keys to offer as names; a list or a number has only its own name. */
function lentKeys(value: Value): Iterable<readonly [string, Value]> {
  try {
    return namesOf(value);
  } catch (error) {
    if (error instanceof BclawError) return [];
    throw error;
  }
}

async function inputValue(
  s3: S3Client,
  key: string,
  file: string,
  data: JobData,
  { payload }: ChooseRequest,
): Promise<Value> {
  const { name, optional } = inputName(key);
  const { location, glob } = locateFilled(filledInFile(file, data), payload.repo);
  const uri = formatS3Uri(location);
  if (glob !== undefined)
    throw new JobError('InputInvalid', `The input "${name}" is a glob, ${uri}.`, {
      hint: 'A chooser reads single JSON files: name one.',
    });
  const read = await readText(s3, location, maxInputBytes);
  const absent = (reason: string): null => {
    if (optional) return null;
    throw new JobError('InputNotFound', `The input "${name}" is missing: ${reason}.`, {
      hint: 'Did the step before write it?',
    });
  };
  switch (read.kind) {
    case 'text':
      return (await earlierFilesOf(s3, payload).has(location, read.origin))
        ? absent(leftByEarlierRun(uri))
        : jsonValue(read.text, name, uri);
    case 'missing':
      return absent(`there is no ${uri}`);
    case 'not-text':
      throw new JobError('InputInvalid', `The input "${name}", ${uri}, is not text in UTF-8.`, {
        hint: 'A chooser reads JSON files.',
      });
    case 'too-large':
      throw new JobError('InputInvalid', `The input "${name}", ${uri}, is larger than 32 MiB.`, {
        hint: 'Let a step write what the conditions need into a file of its own.',
      });
  }
}

function jsonValue(text: string, name: string, uri: string): Value {
  try {
    return valueFromJson(text);
  } catch (cause) {
    if (!(cause instanceof BclawError)) throw cause;
    throw new JobError('InputInvalid', `The input "${name}", ${uri}, cannot be read. ${cause.message}.`, {
      hint: 'A chooser reads JSON files.',
      cause,
    });
  }
}
