import { type Static, type TSchema, Type } from 'typebox';
import { Value } from 'typebox/value';
import { jobDataName, mainIndex } from './contract.js';
import { BclawError } from './errors.js';
import { exactValues } from './exact-values.js';
import type { Carried, JobData, JobParameters, JobStep, LaunchPayload, StatePayload } from './payload.js';
import { parseJson } from './scalars/json.js';

/*
 * All data from outside are parsed here, once, at the border. Additional fields are allowed and kept: a newer sender
 * may add some.
 */

const anything = Type.Record(Type.String(), Type.Unknown());
export const texts = Type.Record(Type.String(), Type.String());
export const execution = Type.Object({ arn: Type.String({ minLength: 1 }), name: Type.String({ minLength: 1 }) });
const jobFile = Type.Object({
  bucket: Type.String({ minLength: 1 }),
  key: Type.String({ minLength: 1 }),
  version: Type.String(),
});

const s3Uri = Type.String({ pattern: '^s3://' });
export const repositoryLocation = Type.Object({
  bucket: Type.String({ minLength: 1 }),
  prefix: Type.String(),
  uri: Type.String({ minLength: 1 }),
});

export const launchPayload = Type.Object({ job_file: jobFile, index: Type.Literal(mainIndex) });

export const statePayload = Type.Object({
  index: Type.String({ minLength: 1 }),
  execution,
  job_file: jobFile,
  job_data: s3Uri,
  repo: repositoryLocation,
  prev_outputs: texts,
  scatter: Type.Union([anything, s3Uri]),
  parent: Type.Union([texts, s3Uri]),
  share_id: Type.String({ minLength: 1 }),
  job_tag: Type.Optional(Type.String()),
});

const jobData = Type.Object({
  job: anything,
  scatter: anything,
  parent: anything,
  job_file: Type.Optional(jobFile),
});

const shell = Type.Union([Type.Literal('sh'), Type.Literal('bash'), Type.Literal('sh-pipefail')]);
const skip = Type.Union([Type.Literal('never'), Type.Literal('rerun'), Type.Literal('outputs')]);

const jobStep = Type.Object({
  image: Type.String({ minLength: 1 }),
  auth: Type.Optional(Type.String({ minLength: 1 })),
  shell,
  commands: Type.Array(Type.String()),
  job_values: Type.Optional(Type.Union([Type.Literal('verbatim'), Type.Literal('quoted')])),
  inputs: Type.Optional(texts),
  references: texts,
  outputs: Type.Record(
    Type.String(),
    Type.Object({
      file: Type.String({ minLength: 1 }),
      dest: Type.Optional(Type.String({ minLength: 1 })),
      s3_tags: Type.Optional(texts),
    }),
  ),
  s3_tags: texts,
  missing_outputs: Type.Optional(Type.Literal('warn')),
  skip,
  qc: Type.Array(Type.Object({ file: Type.String({ minLength: 1 }), stop_early_if: Type.Array(Type.String()) })),
});

const jobParameters = Type.Object({
  step: Type.String({ minLength: 1 }),
  repo: Type.String({ minLength: 1 }),
  job_data: Type.String({ minLength: 1 }),
  index: Type.String({ minLength: 1 }),
  execution: Type.String({ minLength: 1 }),
  inputs: Type.String({ minLength: 1 }),
  scatter: Type.String({ minLength: 1 }),
  parent: Type.String({ minLength: 1 }),
});

/**
 * Parses the input with which the launcher starts an execution.
 *
 * @throws BclawError `bad-payload` naming the first field that is wrong
 */
export function parseLaunchPayload(value: unknown): LaunchPayload {
  return read(launchPayload, value, 'The input of the execution');
}

/**
 * Parses the payload that is passed between the states of an execution.
 *
 * @throws BclawError `bad-payload` naming the first field that is wrong
 */
export function parseStatePayload(value: unknown): StatePayload {
  return read(statePayload, value, 'The state payload');
}

/**
 * Returns true if an execution's input is the state payload of another execution, which started this one, and not the
 * launcher's payload.
 */
export function isStatePayload(value: LaunchPayload | StatePayload): value is StatePayload {
  return 'repo' in value;
}

/**
 * Parses the object `_JOB_DATA_` of a repository.
 *
 * @param text JSON
 * @throws BclawError `bad-payload`
 */
export function parseJobData(text: string): JobData {
  return read(jobData, json(text, jobDataName), jobDataName);
}

/**
 * Parses the `step` parameter of a Batch job: the step, or the URI of its object.
 *
 * @param text JSON
 * @throws BclawError `bad-payload`
 */
export function parseCarriedJobStep(text: string): Carried<JobStep> {
  const what = 'The job parameter "step"';
  return read(Type.Union([jobStep, s3Uri]), json(text, what), what);
}

/**
 * Parses the object that contains a {@link Carried} step.
 *
 * @param text JSON
 * @param uri URI of the object, for the error
 * @throws BclawError `bad-payload`
 */
export function parseJobStep(text: string, uri: string): JobStep {
  return read(jobStep, json(text, uri), uri);
}

/**
 * Parses the parameters of a Batch job from any source.
 *
 * @throws BclawError `bad-payload` naming the first one that is missing
 */
export function parseJobParameters(value: unknown): JobParameters {
  return read(jobParameters, value, 'The job parameters');
}

/**
 * Parses a job parameter that contains a map of texts, such as `inputs`; an empty parameter is an empty map.
 *
 * @param text JSON, or nothing
 * @param name name of the parameter, for the error
 * @throws BclawError `bad-payload`
 */
export function parseTextMap(text: string, name: string): Readonly<Record<string, string>> {
  return text === '' ? {} : read(texts, json(text, `The job parameter "${name}"`), `The job parameter "${name}"`);
}

/**
 * Parses a job parameter that contains a map of any values, such as `scatter`, or the URI of their object; an empty
 * parameter is an empty map.
 *
 * @param text JSON, or nothing
 * @param name name of the parameter, for the error
 * @throws BclawError `bad-payload`
 */
export function parseCarriedValues(text: string, name: string): Carried<Readonly<Record<string, unknown>>> {
  const what = `The job parameter "${name}"`;
  if (text === '') return {};
  const carried = read(Type.Union([anything, s3Uri]), json(text, what), what);
  return typeof carried === 'string' ? carried : exactValues(carried);
}

/**
 * Parses the object that contains {@link Carried} values.
 *
 * @param text JSON
 * @param uri URI of the object, for the error
 * @throws BclawError `bad-payload`
 */
export function parseValueMap(text: string, uri: string): Readonly<Record<string, unknown>> {
  return exactValues(read(anything, json(text, uri), uri));
}

function json(text: string, what: string): unknown {
  try {
    return parseJson(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new BclawError('bad-payload', `${what} is not JSON: ${reason}.`, { cause });
  }
}

export function read<Schema extends TSchema>(schema: Schema, value: unknown, what: string): Static<Schema> {
  if (Value.Check(schema, value)) return value;
  const [error] = Value.Errors(schema, value);
  const where = error?.instancePath.slice(1).replaceAll('/', '.');
  const place = where === undefined || where === '' ? '' : ` at "${where}"`;
  throw new BclawError(
    'bad-payload',
    `${what} is not what bclaw sends: it ${error?.message ?? 'is malformed'}${place}.`,
    {
      hint: 'It was made by hand or by another version of bclaw; deploy the workflow again.',
    },
  );
}
