import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  type SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { LaunchRefused } from './errors.js';
import type { JobFile } from './job-file.js';

/** An execution to start; {@link startOnce} may be called for it any number of times. */
export interface Start {
  readonly stateMachineArn: string;
  readonly name: string;
  readonly jobFile: JobFile;
}

/** The input of an execution: `LaunchPayload` of `@bclaw/spec`. */
const launchPayload = (jobFile: JobFile): string => JSON.stringify({ job_file: jobFile, index: 'main' });

/**
 * Starts the execution unless it has been started before. Step Functions answers a repeated start of a running
 * execution as it did the first time, and that of a closed one with ExecutionAlreadyExists.
 *
 * @returns the execution's ARN
 * @throws LaunchRefused when the name is taken by another job
 */
export async function startOnce(
  sfn: SFNClient,
  { stateMachineArn, name, jobFile }: Start,
): Promise<{ readonly executionArn: string; readonly duplicate: boolean }> {
  const input = launchPayload(jobFile);
  try {
    const started = await sfn.send(new StartExecutionCommand({ stateMachineArn, name, input }));
    return { executionArn: started.executionArn ?? executionArn(stateMachineArn, name), duplicate: false };
  } catch (error) {
    if (!(error instanceof ExecutionAlreadyExists)) throw error;
  }
  const existing = executionArn(stateMachineArn, name);
  const execution = await sfn.send(new DescribeExecutionCommand({ executionArn: existing }));
  if (execution.input !== input) {
    throw new LaunchRefused(
      `The execution "${name}" exists already and belongs to another job file. Upload ${jobFile.key} under another name.`,
    );
  }
  return { executionArn: existing, duplicate: true };
}

const executionArn = (stateMachineArn: string, name: string): string =>
  `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;
