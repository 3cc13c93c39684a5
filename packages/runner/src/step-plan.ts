import { basename } from 'node:path/posix';
import {
  BclawError,
  formatS3Uri,
  isGlob,
  isS3Uri,
  type JobData,
  type JobStep,
  parseS3Uri,
  type S3Location,
  substitute,
} from '@bclaw/spec/run-time';
import type { RunnerJob } from './runner-job.js';

/** A file to stage: where it is, and under which name. */
export interface PlannedInput {
  readonly name: string;
  /** Its key is a glob when `isGlob` says so. */
  readonly source: S3Location;
  /** Nothing is staged, and nothing is said, when it is missing. */
  readonly optional: boolean;
}

export interface PlannedReference {
  readonly name: string;
  readonly source: S3Location;
  /** Name in the workspace. */
  readonly file: string;
}

export interface PlannedOutput {
  readonly name: string;
  /** File or glob, relative to the workspace. */
  readonly file: string;
  /** Where it goes: the key is a prefix that ends in `/`, or empty. */
  readonly destination: S3Location;
  readonly tags: Readonly<Record<string, string>>;
}

/** An image as a step names it. */
export interface StepImage {
  readonly name: string;
  /** Secrets Manager name or ARN of the registry's login. */
  readonly auth?: string;
}

/** A step with the job's data put in; only the commands wait for the names of the staged files. */
export interface StepPlan {
  readonly image: StepImage;
  readonly inputs: readonly PlannedInput[];
  readonly references: readonly PlannedReference[];
  readonly outputs: readonly PlannedOutput[];
}

/**
 * Puts the job's data into a step's file names.
 *
 * @throws BclawError `missing-value` for a reference without a value, `bad-location` for what is not in S3
 */
export function planStep(job: RunnerJob): StepPlan {
  const { step, repository, data } = job;
  const inputs = Object.entries(step.inputs ?? job.previousOutputs).map(([key, value]): PlannedInput => {
    const optional = key.endsWith('?');
    return {
      name: optional ? key.slice(0, -1) : key,
      source: inRepository(substitute(value, data), repository),
      optional,
    };
  });
  const references = Object.entries(step.references).map(([name, value]): PlannedReference => {
    const source = parseS3Uri(substitute(value, data));
    if (source === undefined || source.key === '')
      throw new BclawError('bad-location', `The reference "${name}" must be an s3:// URI of a file, not "${value}".`);
    return { name, source, file: basename(source.key) };
  });
  const name = substitute(step.image, data);
  const image = step.auth === undefined ? { name } : { name, auth: substitute(step.auth, data) };
  return { image, inputs, references, outputs: plannedOutputs(step, data, repository) };
}

function plannedOutputs(step: JobStep, data: JobData, repository: S3Location): readonly PlannedOutput[] {
  return Object.entries(step.outputs).map(([name, output]) => {
    const tags: Record<string, string> = {};
    for (const [key, value] of Object.entries({ ...step.s3_tags, ...output.s3_tags }))
      tags[key] = substitute(value, data);
    return { name, file: substitute(output.file, data), destination: destination(output.dest, data, repository), tags };
  });
}

function destination(dest: string | undefined, data: JobData, repository: S3Location): S3Location {
  const uri = dest === undefined ? formatS3Uri(repository) : substitute(dest, data);
  const location = parseS3Uri(uri);
  if (location === undefined)
    throw new BclawError('bad-location', `An output's destination must be an s3:// URI, not "${uri}".`);
  const key = location.key.replace(/\/+$/, '');
  return { bucket: location.bucket, key: key === '' ? '' : `${key}/` };
}

function inRepository(file: string, repository: S3Location): S3Location {
  const absolute = isS3Uri(file) ? parseS3Uri(file) : undefined;
  if (absolute !== undefined) return absolute;
  return { bucket: repository.bucket, key: repository.key === '' ? file : `${repository.key}/${file}` };
}

/** Where an output file ends up: the base name under the destination, whatever folder of the workspace it is in. */
export function outputLocation(output: PlannedOutput, file: string): S3Location {
  return { bucket: output.destination.bucket, key: `${output.destination.key}${basename(file)}` };
}

/** The local name of a planned input that is not a glob. */
export function inputFile(input: PlannedInput): string | undefined {
  return isGlob(input.source.key) ? undefined : basename(input.source.key);
}
