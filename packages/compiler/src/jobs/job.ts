import type { BatchStep, JobParameters } from '@bclaw/spec';
import { jobDefinitionName, ownJobData } from '@bclaw/spec/contract';
import { sha256Hex, utf8Length } from '../canonical.js';
import { limits } from '../checks/limits.js';
import type { CoreEnvironment } from '../core-environment.js';
import { maxWorkflowNameLength } from '../names.js';
import type { JobFrame } from './job-frame.js';
import { jobStep } from './job-step.js';
import { stepParameter, type Upload, uploadOf } from './upload.js';

/** The parameters that a job definition itself can provide. */
export type DefaultParameters = Omit<JobParameters, 'repo' | 'index' | 'execution'>;

/** A Batch job definition as far as the template and the core stack determine it: without names, versions and stack tags. */
export interface Job {
  /** Empty when several steps share the job definition: their states provide the name. */
  readonly stepName: string;
  readonly logicalId: string;
  /** The step's part of the physical name. */
  readonly namePart: string;
  readonly frame: JobFrame;
  /** Defaults for the state that submits the jobs. */
  readonly parameters: DefaultParameters;
  /** Number of steps that use it. */
  readonly users: number;
  /** Maximum size of the job definition in bytes; Batch's limit is 24 KiB. */
  readonly size: number;
}

/** Name of a batch step's job definition, and the image of its jobs. */
export interface JobContext {
  readonly logicalId: string;
  readonly namePart: string;
  readonly image: string;
}

/** A batch step's job definition, and the step in the runner's format. */
export interface CompiledJob {
  readonly job: Job;
  /** JSON of the step. */
  readonly text: string;
  /** The step as an object, when it is too large for the job definition or the stack. */
  readonly upload?: Upload;
}

/**
 * Compiles the job definition of a batch step. A step that is too large for it is stored in an object, which the job
 * reads; the object must exist before a job runs.
 */
export function compileJob(step: BatchStep, frame: JobFrame, core: CoreEnvironment, context: JobContext): CompiledJob {
  const text = JSON.stringify(jobStep(step, context.image));
  const job: Job = {
    stepName: step.name,
    logicalId: context.logicalId,
    namePart: context.namePart,
    frame,
    parameters: defaultParameters(text),
    users: 1,
    size: jsonLength(text) + otherParametersSize + frame.size + longestJobDefinitionArn(context.namePart, core),
  };
  return job.size <= limits.jobDefinition.max ? { job, text } : withUpload({ job, text }, core);
}

/** The same job, with its step in an object. */
export function withUpload(compiled: CompiledJob, core: CoreEnvironment): CompiledJob {
  const { job, text, upload = uploadOf(text, sha256Hex(text), core) } = compiled;
  const step = stepParameter(upload);
  const size = job.size - jsonLength(job.parameters.step) + jsonLength(step);
  return { job: { ...job, parameters: { ...job.parameters, step }, size }, text, upload };
}

const jsonLength = (text: string): number => utf8Length(JSON.stringify(text));

/** Number of characters of the longest ARN that a job definition can have, including its revision. */
export const longestJobDefinitionArn = (namePart: string, { partition, region, accountId }: CoreEnvironment): number =>
  `arn:${partition}:batch:${region}:${accountId}:job-definition/:9999`.length +
  jobDefinitionName(longestWorkflowName, namePart, 9_999_999_999).length;

const longestWorkflowName = 'w'.repeat(maxWorkflowNameLength);

/**
 * `repo`, `index` and `execution` have none: the state that submits the job always sets them. No value is empty: Batch
 * refuses a command with an empty element ("Command cannot be empty"), and each value becomes one.
 */
function defaultParameters(step: string): DefaultParameters {
  return {
    step,
    job_data: ownJobData,
    inputs: '{}',
    scatter: '{}',
    parent: '{}',
  };
}

const otherParametersSize = JSON.stringify(defaultParameters('')).length;
