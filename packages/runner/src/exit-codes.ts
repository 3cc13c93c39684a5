import { finalExitCodes, hopelessExitCode, runnerErrorExitCode } from '@bclaw/spec/contract';
import { BclawError } from '@bclaw/spec/run-time';

/** Codes of errors that another attempt would meet again: they are in the template, in the job's data or in the image. */
const hopelessErrors: ReadonlySet<string> = new Set([
  'bad-arguments',
  'bad-commands',
  'bad-environment',
  'bad-location',
  'bad-output',
  'bad-payload',
  'bad-reference',
  'bad-tag',
  'earlier-output',
  'expression-failed',
  'file-name-collision',
  'missing-input',
  'missing-object',
  'missing-output',
  'missing-reference',
  'missing-value',
  'no-job-data',
  'no-shell',
  'no-shell-in-path',
  'no-such-bucket',
  'not-json',
  'other-processor',
  'qc-result-invalid',
  'qc-result-missing',
  'unquotable-value',
]);

/** The exit code of a job whose runner failed: 197 or 199. */
export function exitCodeOfError(error: unknown): number {
  return error instanceof BclawError && hopelessErrors.has(error.code) ? hopelessExitCode : runnerErrorExitCode;
}

/** Exit codes that would be taken for the runner's own. */
const runnersOwn: ReadonlySet<number> = new Set([runnerErrorExitCode, ...finalExitCodes.filter((code) => code > 127)]);

/** True for an exit code of commands that has another meaning for a job. */
export const isRunnersOwn = (exitCode: number): boolean => runnersOwn.has(exitCode);
