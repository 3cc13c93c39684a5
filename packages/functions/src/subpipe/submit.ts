import { createHash } from 'node:crypto';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import type { S3Client } from '@aws-sdk/client-s3';
import { jobDataName, mainIndex } from '@bclaw/spec/contract';
import {
  formatS3Uri,
  hasMembers,
  inWords,
  type JobData,
  jsonText,
  leftByEarlierRun,
  parseJson,
  parseSubpipeSubmitRequest,
  type SubpipeSubmitRequest,
  type SubpipeSubmitResult,
} from '@bclaw/spec/run-time';
import { JobError } from '../errors.js';
import { filledIn, jobDataOf, locate } from '../job-data.js';
import { type FunctionDependencies, stepFunction } from '../step-function.js';
import { earlierFilesOf } from '../storage/earlier-files.js';
import { readText } from '../storage/objects.js';
import { subRepository, writeSystemFile } from '../storage/system-files.js';
import { stateMachineOf } from './state-machine.js';

/** The function's dependencies. */
export interface SubpipeSubmitDependencies extends FunctionDependencies {
  readonly s3: S3Client;
  readonly lambda: LambdaClient;
}

/** As for job files, see `initialize`. */
const maxJobDataBytes = 64 * 1024 * 1024;

/**
 * The function of a subpipe's first state: creates the sub-repository `<repo>/<step>`, writes the sub-job's data into
 * it, and returns the state machine to start, with the execution's name and input.
 *
 * A workflow's name refers to its current live version; a state machine's ARN is used as it is.
 *
 * @returns a handler from {@link SubpipeSubmitRequest} to {@link SubpipeSubmitResult}; it throws {@link JobError}
 * @example
 * ```ts
 * const submit = createSubpipeSubmit({ s3, lambda: new LambdaClient({}), log: console.log, clock: () => performance.now() });
 * const { state_machine, name, input } = await submit({ step: 'Align', subpipe: 'align-reads', caller, payload });
 * ```
 */
export function createSubpipeSubmit({
  s3,
  lambda,
  ...dependencies
}: SubpipeSubmitDependencies): (event: unknown) => Promise<SubpipeSubmitResult> {
  return stepFunction(
    'subpipeSubmit',
    parseSubpipeSubmitRequest,
    async (request) => {
      const { step, payload, caller } = request;
      const data = await jobDataOf(s3, payload);
      const repo = subRepository(payload.repo, step);
      const name = executionName(request);
      const [state_machine, job] = await Promise.all([
        stateMachineOf(lambda, filledIn(request.subpipe, data).trim(), { caller, executionName: name }),
        request.job_data === undefined ? data.job : readJob(s3, filledIn(request.job_data, data), request),
      ]);
      // A workflow's template knows nothing about the calling workflow's branch.
      const subData: JobData = { job, scatter: {}, parent: {}, job_file: payload.job_file };
      return {
        state_machine,
        name,
        // Copies field by field: other payload fields of this workflow's states are internal.
        input: {
          index: mainIndex,
          execution: payload.execution,
          job_file: payload.job_file,
          job_data: await writeSystemFile(s3, repo, jobDataName, jsonText(subData)),
          repo,
          prev_outputs: {},
          scatter: {},
          parent: {},
          share_id: payload.share_id,
          // Step Functions' console reads the caller from this name.
          AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID: caller,
        },
      };
    },
    dependencies,
  );
}

/** Step Functions: an execution's name has at most 80 characters, and four are for `-<redrive count>`. */
const executionPart = 40;
const stepPart = 22;
const digestPart = 12;

/**
 * Equal for a retry of the state, so that the sub-job is started only once; different for every other subpipe, branch
 * and job, and for each time that a chooser returns to the step.
 */
function executionName({ step, payload, entered }: SubpipeSubmitRequest): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([payload.execution.arn, payload.repo.uri, step, entered]))
    .digest('hex');
  const readable = [payload.execution.name.slice(0, executionPart), step.slice(0, stepPart)];
  return [...readable, digest.slice(0, digestPart)].join('-').replace(/[^A-Za-z0-9_-]/g, '-');
}

async function readJob(
  s3: S3Client,
  file: string,
  { payload }: SubpipeSubmitRequest,
): Promise<Readonly<Record<string, unknown>>> {
  const location = locate(file, payload.repo);
  const uri = formatS3Uri(location);
  const read = await readText(s3, location, maxJobDataBytes);
  const invalid = (reason: string) =>
    new JobError('JobFileInvalid', `The subpipe's job data, ${uri}, ${reason}.`, {
      hint: 'Job data is a JSON object, such as {"SAMPLE_ID": "s1"}.',
    });
  const missing = (reason: string) =>
    new JobError('JobFileNotFound', `The subpipe's job data is missing: ${reason}.`, {
      hint: 'Did the step before write it? Without `job_data`, a subpipe gets the data of this job.',
    });
  switch (read.kind) {
    case 'missing':
      throw missing(`there is no ${uri}`);
    case 'not-text':
      throw invalid('is not text in UTF-8');
    case 'too-large':
      throw invalid('is larger than 64 MiB');
    case 'text':
      if (await earlierFilesOf(s3, payload).has(location, read.origin)) throw missing(leftByEarlierRun(uri));
      return jobFrom(read.text, invalid);
  }
}

function jobFrom(text: string, invalid: (reason: string) => JobError): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = parseJson(text);
  } catch (error) {
    throw invalid(`is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (!hasMembers(value) || Array.isArray(value)) throw invalid(`holds ${inWords(value)}, not an object`);
  return Object.fromEntries(Object.entries(value));
}
