import type { S3Client } from '@aws-sdk/client-s3';
import { controlFolder, initializeStateName, jobDataName, mainIndex, tagValue } from '@bclaw/spec/contract';
import {
  formatS3Uri,
  hasMembers,
  type InitializeRequest,
  inWords,
  isStatePayload,
  type JobData,
  type JobFile,
  parseInitializeRequest,
  parseJson,
  type StatePayload,
} from '@bclaw/spec/run-time';
import { JobError } from './errors.js';
import { jobDataAndText } from './job-data.js';
import { logged, workflowOf } from './log.js';
import { resolveRepository } from './repository.js';
import { type FunctionDependencies, readRequest } from './step-function.js';
import { readJobFile } from './storage/job-files.js';
import { writeSystemFile } from './storage/system-files.js';

/** The function's dependencies. */
export interface InitializeDependencies extends FunctionDependencies {
  readonly s3: S3Client;
}

/**
 * The function of the `Initialize` state: turns the launcher's payload into the payload of all other states, and puts
 * the job's data into its repository. An execution that another one started already has its payload, which is passed on
 * with the execution's own name.
 *
 * @returns a handler from {@link InitializeRequest} to {@link StatePayload}; it throws {@link JobError}
 * @example
 * ```ts
 * const initialize = createInitialize({ s3: new S3Client({}), log: console.log, clock: () => performance.now() });
 * const payload = await initialize({ workflow, repository: 's3://lab/${job.id}', execution, input });
 * ```
 */
export function createInitialize({
  s3,
  log,
  clock,
}: InitializeDependencies): (event: unknown) => Promise<StatePayload> {
  return logged(
    'initialize',
    async (event, { about }) => {
      const request = readRequest(parseInitializeRequest, event);
      const { workflow, execution, input } = request;
      about({
        ...workflowOf(execution.arn),
        workflow,
        execution: execution.name,
        step: initializeStateName,
        branch: input.index,
      });
      // The execution of a subpipe is a job of its own: a failed QC check stops it, and its parent then fails.
      if (!isStatePayload(input)) return begin(s3, request, input.job_file);
      if (request.job_schema !== undefined) {
        const { text } = await jobDataAndText(s3, input);
        await requireFitting(request.job_schema, Object(JSON.parse(text)).job, input.job_data);
      }
      return { ...input, execution, share_id: shareId(workflow), job_tag: tagValue(input.job_file.key) };
    },
    log,
    clock,
  );
}

async function begin(s3: S3Client, request: InitializeRequest, jobFile: JobFile): Promise<StatePayload> {
  const bytes = await readJobFile(s3, jobFile);
  const { job, text } = jobFrom(bytes, jobFile);
  if (request.job_schema !== undefined)
    await requireFitting(
      request.job_schema,
      JSON.parse(text),
      formatS3Uri({ bucket: jobFile.bucket, key: jobFile.key }),
    );
  const data: JobData = { job, scatter: {}, parent: {} };
  const repo = resolveRepository(request.repository, data, jobFile.bucket);
  const fileName = jobFile.key.slice(jobFile.key.lastIndexOf('/') + 1);
  await Promise.all([
    writeSystemFile(s3, repo, jobDataName, jobDataText(text, jobFile)),
    // Next to the data, it would be treated as data by globs of this job, of the next job in the same repository, and
    // of other workflows.
    writeSystemFile(s3, repo, `${controlFolder}/job/${fileName}`, bytes),
  ]);
  return {
    index: mainIndex,
    execution: { arn: request.execution.arn, name: request.execution.name },
    job_file: jobFile,
    job_data: `${repo.uri}/${jobDataName}`,
    repo,
    prev_outputs: {},
    scatter: {},
    parent: {},
    share_id: shareId(request.workflow),
    job_tag: tagValue(jobFile.key),
  };
}

/**
 * Refuses data that do not fit the template's `JobSchema`, with all faults at once.
 *
 * @param where the data come from
 * @throws JobError `JobFileInvalid`
 */
async function requireFitting(schema: string, job: unknown, where: string): Promise<void> {
  // Loaded only for the workflows that have a schema.
  const { jobFaults } = await import('@bclaw/spec/job-schema');
  const faults = jobFaults(JSON.parse(schema), job);
  if (faults.length === 0) return;
  throw new JobError(
    'JobFileInvalid',
    `The job data in ${where} do not fit the template's JobSchema: ${faults.join(' ')}`,
    {
      hint: 'Correct the file and submit it again; `bclaw check <template> --job <file>` tells before.',
    },
  );
}

/** AWS Batch allows only letters and digits in a share identifier. */
const shareId = (workflow: string): string => workflow.replace(/[^A-Za-z0-9]/g, '');

/** The unchanged text of a job file: parsed and serialised again, a number might lose digits. */
const jobDataText = (job: string, file: JobFile): string =>
  `{"job":${job},"scatter":{},"parent":{},"job_file":${JSON.stringify(file)}}`;

function jobFrom(
  bytes: Uint8Array,
  { bucket, key }: JobFile,
): { readonly job: Readonly<Record<string, unknown>>; readonly text: string } {
  const uri = formatS3Uri({ bucket, key });
  const hint = 'Job data is a JSON object, such as {"SAMPLE_ID": "s1"}; correct the file and copy it again.';
  let text: string;
  let value: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    value = parseJson(text);
  } catch (error) {
    const reason = error instanceof SyntaxError ? error.message : 'it is not text in UTF-8';
    throw new JobError('JobFileInvalid', `The job file ${uri} is not JSON: ${reason}.`, { hint, cause: error });
  }
  if (!hasMembers(value) || Array.isArray(value))
    throw new JobError('JobFileInvalid', `The job file ${uri} holds ${inWords(value)}, not an object.`, { hint });
  return { job: Object.fromEntries(Object.entries(value)), text };
}
