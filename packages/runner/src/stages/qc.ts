import { readFile } from 'node:fs/promises';
import { join, normalize } from 'node:path';
import { conditionHolds, namesOf, valueFromJson } from '@bclaw/spec/expressions';
import { BclawError, type JobData, type JobStep, substitute } from '@bclaw/spec/run-time';
import { isLeftFile } from './left-file.js';

/**
 * Evaluates a step's QC checks over the result files that its commands wrote.
 *
 * The keys of a result file are the names that its conditions use.
 *
 * @param checks of the step
 * @param data the job's data, for `${job.…}` in the names of result files
 * @param directory the workspace
 * @returns the conditions that are true, which are reasons to stop the job; empty when all checks pass
 * @throws BclawError `qc-result-missing`, `qc-result-invalid`, `bad-output`, or `expression-failed`: a check that
 * cannot be evaluated is an error, never a pass
 */
export async function failedQcConditions(
  checks: JobStep['qc'],
  data: JobData,
  directory: string,
): Promise<readonly string[]> {
  const failed: string[] = [];
  for (const check of checks) {
    const file = substitute(check.file, data);
    const values = namesIn(file, await resultFile(file, directory));
    failed.push(...check.stop_early_if.filter((condition) => conditionHolds(condition, values)));
  }
  return failed;
}

async function resultFile(file: string, directory: string): Promise<string> {
  const path = normalize(file);
  if (path.startsWith('..') || path.startsWith('/'))
    throw new BclawError('qc-result-invalid', `The QC result file "${file}" is outside of the workspace.`);
  // Opening a named pipe would block forever.
  await isLeftFile(join(directory, path), file);
  try {
    return await readFile(join(directory, path), 'utf8');
  } catch (cause) {
    throw new BclawError('qc-result-missing', `The commands did not write the QC result file "${file}".`, {
      hint: 'Write it, or take the check out of qc_check.',
      cause,
    });
  }
}

function namesIn(file: string, text: string): ReturnType<typeof namesOf> {
  try {
    return namesOf(valueFromJson(text));
  } catch (cause) {
    throw new BclawError('qc-result-invalid', `The QC result file "${file}" is not a JSON object.`, { cause });
  }
}
