import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  type SFNClient,
  SFNServiceException,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { type JobFile, type LaunchPayload, mainIndex } from '@bclaw/spec/contract';
import { LaunchRefused } from './errors.js';
import type { Target } from './target.js';

/** An execution to start; {@link startOnce} can be called for it any number of times. */
export interface Start {
  readonly target: Target;
  readonly name: string;
  readonly jobFile: JobFile;
}

export interface Started {
  readonly executionArn: string;
  /** True when it had already been started. */
  readonly duplicate: boolean;
}

/** The input of an execution. */
const launchPayload = (jobFile: JobFile): string =>
  JSON.stringify({ job_file: jobFile, index: mainIndex } satisfies LaunchPayload);

/** Step Functions has refused the start: it did not happen, and will not. */
export interface Refused {
  readonly refusal: Error;
}

/**
 * Starts the execution unless it has already been started. Step Functions is idempotent for a running execution: it
 * returns the first response again; for a closed one it throws ExecutionAlreadyExists.
 *
 * @param sfn - must not retry: a refusal says nothing about an earlier try
 * @throws LaunchRefused when the name is taken by another job; any other error leaves open whether the job has started
 */
export async function startOnce(sfn: SFNClient, start: Start): Promise<Started | Refused> {
  const { target, name, jobFile } = start;
  try {
    const started = await sfn.send(
      new StartExecutionCommand({ stateMachineArn: target.startArn, name, input: launchPayload(jobFile) }),
    );
    return { executionArn: started.executionArn ?? target.executionArn(name), duplicate: false };
  } catch (error) {
    if (!(error instanceof ExecutionAlreadyExists)) {
      if (error instanceof SFNServiceException && isRefusal(error)) return { refusal: error };
      throw error;
    }
    return (await findStarted(sfn, start)) ?? Promise.reject(error);
  }
}

/** The request arrived and was turned down; after a server error, it may have been carried out. */
const isRefusal = ({ $metadata: { httpStatusCode = 0 } }: SFNServiceException): boolean =>
  httpStatusCode >= 400 && httpStatusCode < 500;

/**
 * The execution, if it has been started.
 *
 * @throws LaunchRefused when the name is taken by another job
 */
export async function findStarted(sfn: SFNClient, { target, name, jobFile }: Start): Promise<Started | undefined> {
  const executionArn = target.executionArn(name);
  try {
    const execution = await sfn.send(new DescribeExecutionCommand({ executionArn }));
    if (execution.input === launchPayload(jobFile)) return { executionArn, duplicate: true };
  } catch (error) {
    if (error instanceof ExecutionDoesNotExist) return undefined;
    throw error;
  }
  throw new LaunchRefused(
    `The execution "${name}" exists already and belongs to another job file. Upload ${jobFile.key} under another name.`,
  );
}
