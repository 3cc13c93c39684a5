import { basename } from 'node:path/posix';
import { given } from '@bclaw/spec/given';
import {
  BclawError,
  formatS3Uri,
  type JobData,
  type JobStep,
  jsonText,
  type LocatedFile,
  locateFile,
  parseS3Uri,
  references as referencesIn,
  type S3Location,
  substitute,
  substituteFile,
} from '@bclaw/spec/run-time';
import type { RunnerJob } from './runner-job.js';
import { outputTags } from './tags.js';

/** A file to stage: its location and its local name. */
export interface PlannedInput {
  readonly name: string;
  readonly source: LocatedFile;
  /** Skipped silently when it is missing. */
  readonly optional: boolean;
  /**
   * Set if the job's data left the name empty, as an empty cell of a sample sheet does: the reason why it names no
   * file.
   */
  readonly nameless?: string;
}

export interface PlannedReference {
  readonly name: string;
  readonly source: S3Location;
  /** Name in the workspace. */
  readonly file: string;
}

export interface PlannedOutput {
  readonly name: string;
  /** File or glob in readable form, relative to the workspace. */
  readonly file: string;
  /** Only if the template contains a glob: the same, with the job's data escaped. */
  readonly glob?: string;
  /** Destination: the key is a prefix that ends in `/`, or empty. */
  readonly destination: S3Location;
  /** True when the commands can succeed without it. */
  readonly optional: boolean;
  readonly tags: Readonly<Record<string, string>>;
}

/** A step's image. */
export interface StepImage {
  readonly name: string;
  /** Secrets Manager name or ARN of the registry's login. */
  readonly auth?: string;
}

/** A step with the job's data substituted; only the commands still need the names of the staged files. */
export interface StepPlan {
  readonly image: StepImage;
  readonly inputs: readonly PlannedInput[];
  readonly references: readonly PlannedReference[];
  readonly outputs: readonly PlannedOutput[];
}

/**
 * Substitutes the job's data in a step's file names.
 *
 * @throws BclawError `missing-value` for a reference without a value, `bad-location` for a location outside S3,
 * `bad-tag` for a tag that S3 would reject after the work is done
 */
export function planStep(job: RunnerJob): StepPlan {
  const { step, repository, data } = job;
  const named = Object.entries(step.inputs ?? job.previousOutputs).map(([key, value]): PlannedInput => {
    const { name, optional } = nameOf(key);
    return {
      name,
      source: locateFile(substituteFile(value, data), repository),
      optional,
      ...nameless(value, data),
    };
  });
  const references = Object.entries(step.references).map(([name, value]): PlannedReference => {
    const source = parseS3Uri(substitute(value, data));
    if (source === undefined || source.key === '')
      throw new BclawError('bad-location', `The reference "${name}" must be an s3:// URI of a file, not "${value}".`);
    return { name, source, file: basename(source.key) };
  });
  // An unnamed input gives precedence to a file that the step names.
  const isTaken = (input: PlannedInput) => references.some(({ file }) => file === inputFile(input));
  const inputs = step.inputs === undefined ? named.filter((input) => !isTaken(input)) : named;
  const name = substitute(step.image, data);
  const image = step.auth === undefined ? { name } : { name, auth: substitute(step.auth, data) };
  return { image, inputs, references, outputs: plannedOutputs(step, data, repository) };
}

function plannedOutputs(step: JobStep, data: JobData, repository: S3Location): readonly PlannedOutput[] {
  return Object.entries(step.outputs).map(([key, output]) => {
    const { name, optional } = nameOf(key);
    const tags = outputTags(name, { ...step.s3_tags, ...output.s3_tags }, data);
    const { text: file, glob } = substituteFile(output.file, data);
    return {
      name,
      file,
      ...given({ glob }),
      destination: destination(output.dest, data, repository),
      optional,
      tags,
    };
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

/** The name of a file without the `?` that makes it optional. */
function nameOf(key: string): { readonly name: string; readonly optional: boolean } {
  const optional = key.endsWith('?');
  return { name: optional ? key.slice(0, -1) : key, optional };
}

/** The destination of an output file: its base name, whatever its folder in the workspace. */
export function outputLocation(output: PlannedOutput, file: string): S3Location {
  return { bucket: output.destination.bucket, key: `${output.destination.key}${basename(file)}` };
}

/** A name reduced to its folder, though the template does not name a folder. */
function nameless(template: string, data: JobData): { readonly nameless?: string } {
  const text = substitute(template, data);
  if (text !== '' && (!text.endsWith('/') || template.endsWith('/'))) return {};
  const empty = referencesIn(template).find(({ start, end }) => substitute(template.slice(start, end), data) === '');
  if (empty === undefined) return {};
  const item =
    Object.keys(data.scatter).length === 0 ? '' : `; this branch has ${jsonText(data.scatter).slice(0, 300)}`;
  return { nameless: `\`${template.slice(empty.start, empty.end)}\` is empty${item}` };
}

/** The local name of a planned input that is not a glob. */
export function inputFile(input: PlannedInput): string | undefined {
  if (input.nameless !== undefined) return undefined;
  return input.source.glob === undefined ? basename(input.source.location.key) : undefined;
}
