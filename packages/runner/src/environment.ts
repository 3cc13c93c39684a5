import { jobVariables, mainIndex } from '@bclaw/spec/contract';
import type { RunnerJob } from './runner-job.js';
import type { Workspace } from './stages/workspace.js';
import { runnerVersion } from './version.js';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The environment of a step's commands: all `AWS_*` and `BC_*` variables of the job, and the runner's own additions.
 *
 * @param host - variables that a command on the host requires; empty for a container, which has its image's
 */
export function commandEnvironment(
  own: Environment,
  job: RunnerJob,
  workspace: Workspace,
  host: readonly string[],
): Readonly<Record<string, string>> {
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries(own)) {
    if (value !== undefined && (/^(AWS|BC)_/.test(name) || host.includes(name))) environment[name] = value;
  }
  const { execution } = job;
  const file = job.data.job_file;
  return {
    ...environment,
    AWS_ACCOUNT_ID: own['AWS_ACCOUNT_ID'] || execution.accountId,
    AWS_DEFAULT_REGION: own['AWS_DEFAULT_REGION'] || own['AWS_REGION'] || execution.region,
    [jobVariables.branch]: branchNumber(job.index),
    BC_EXECUTION_ARN: execution.arn,
    BC_EXECUTION_ID: execution.name,
    BC_JOB_DATA_FILE: workspace.jobDataFile,
    BC_LAUNCH_BUCKET: file?.bucket ?? '',
    BC_LAUNCH_KEY: file?.key ?? '',
    BC_LAUNCH_VERSION: file?.version ?? '',
    BC_VERSION: runnerVersion,
    [jobVariables.stepName]: own[jobVariables.stepName] ?? '',
    [jobVariables.workflowName]: own[jobVariables.workflowName] ?? '',
    [jobVariables.workflowVersion]: own[jobVariables.workflowVersion] ?? '',
    BC_WORKSPACE: workspace.directory,
  };
}

/** `main`, or the branch's number in its scatter without leading zeros, which a shell would parse as octal. */
function branchNumber(index: string): string {
  return index === mainIndex ? index : String(Number(index.slice(index.lastIndexOf('-') + 1)));
}

/** The variables that a command on the host gets in addition to the job's own. */
export const hostVariables = ['PATH', 'HOME', 'USER', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR'] as const;
