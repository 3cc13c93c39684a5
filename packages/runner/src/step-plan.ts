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
  substituteValue,
} from '@bclaw/spec/run-time';
import type { RunnerJob } from './runner-job.js';
import { outputTags } from './tags.js';

/** Files to stage under one name. */
export interface PlannedInput {
  readonly name: string;
  /** One file or glob; several, or none, if the template's text is a reference to a list. */
  readonly sources: readonly LocatedFile[];
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
    const list = listOf(value, data);
    if (list !== undefined) return { name, optional, ...listed({ name, optional, template: value, list }, repository) };
    return {
      name,
      sources: [locateFile(substituteFile(value, data), repository)],
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

/** The list that a text refers to; undefined when it is anything else. */
function listOf(template: string, data: JobData): readonly unknown[] | undefined {
  if (!template.includes('${')) return undefined;
  const value = substituteValue(template, data);
  return Array.isArray(value) ? value : undefined;
}

/** The files that a list names, each as it stands. Empty texts, as of empty cells, name no file. */
function listed(
  input: {
    readonly name: string;
    readonly optional: boolean;
    readonly template: string;
    readonly list: readonly unknown[];
  },
  repository: S3Location,
): Pick<PlannedInput, 'sources' | 'nameless'> {
  const { name, optional, template, list } = input;
  const files = list.map((file, index) => {
    if (typeof file === 'string') return file;
    throw new BclawError(
      'bad-location',
      `The input "${name}", ${template}, is a list whose item ${index + 1} is no file name: ${jsonText(file)}.`,
      { hint: 'Each item of the list must be the name of a file of the repository, or an s3:// URI.' },
    );
  });
  const empty = files.indexOf('');
  const sources = files.filter((file) => file !== '').map((text) => locateFile({ text }, repository));
  if (optional) return { sources };
  if (files.length === 0) return { sources, nameless: `\`${template}\` is an empty list` };
  if (empty !== -1) return { sources, nameless: `item ${empty + 1} of the list \`${template}\` is empty` };
  return { sources };
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
  const [source, ...others] = input.sources;
  if (input.nameless !== undefined || source === undefined || others.length > 0) return undefined;
  return source.glob === undefined ? basename(source.location.key) : undefined;
}
