import { mainIndex } from '@bclaw/spec/contract';
import { given } from '@bclaw/spec/given';
import { isStatePayload, type JobFile, parseLaunchPayload, parseStatePayload } from '@bclaw/spec/run-time';
import { workflowOf } from '../log.js';

/** The states that Step Functions reports. */
export const executionStatuses = ['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED', 'PENDING_REDRIVE'] as const;
export type ExecutionStatus = (typeof executionStatuses)[number];

/** A change of a job's status. */
export interface JobEvent {
  readonly workflow: string;
  /** Only for a versioned workflow. */
  readonly version?: number;
  /** Name of the execution. */
  readonly execution: string;
  readonly executionArn: string;
  readonly status: ExecutionStatus;
  readonly jobFile: JobFile;
  /** Its repository, when another workflow started it; otherwise known only to its own `Initialize`. */
  readonly repository?: string;
  /** ISO 8601. */
  readonly started?: string;
  readonly stopped?: string;
  readonly error?: string;
  readonly cause?: string;
  readonly region: string;
}

/**
 * Parses EventBridge's event.
 *
 * @param launcherBucket the installation's launcher bucket
 * @returns undefined when it is not about a job of this installation: another state machine's execution, another
 * installation's, a scatter's branch, or one whose input is too large for EventBridge
 */
export function jobEvent(event: unknown, launcherBucket: string): JobEvent | undefined {
  const { detail: rawDetail, region } = record(event);
  const detail = record(rawDetail);
  const { executionArn, name, input } = detail;
  const status = executionStatuses.find((known) => known === detail['status']);
  const job = typeof input === 'string' ? jobInput(input) : undefined;
  if (typeof executionArn !== 'string' || typeof name !== 'string' || status === undefined) return undefined;
  if (job === undefined || job.jobFile.bucket !== launcherBucket) return undefined;
  const { workflow = '', version } = workflowOf(executionArn);
  return {
    workflow,
    ...given({ version }),
    execution: name,
    executionArn,
    status,
    ...job,
    ...optional('started', time(detail['startDate'])),
    ...optional('stopped', time(detail['stopDate'])),
    ...optional('error', text(detail['error'])),
    ...optional('cause', text(detail['cause'])),
    region: text(region) ?? executionArn.split(':')[3] ?? '',
  };
}

/** The job in the execution's input; undefined for another state machine's execution or a scatter's branch. */
function jobInput(input: string): Pick<JobEvent, 'jobFile' | 'repository'> | undefined {
  for (const parse of [parseStatePayload, parseLaunchPayload])
    try {
      const payload = parse(JSON.parse(input));
      if (payload.index !== mainIndex) return undefined;
      return { jobFile: payload.job_file, ...(isStatePayload(payload) ? { repository: payload.repo.uri } : {}) };
    } catch {
      // The sender may be any state machine of the account, with any input.
    }
  return undefined;
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/** EventBridge's times are in milliseconds. */
const time = (value: unknown): string | undefined =>
  typeof value === 'number' ? new Date(value).toISOString() : undefined;

function optional<Name extends string>(name: Name, value: string | undefined): { readonly [Key in Name]?: string } {
  const found: { [Key in Name]?: string } = {};
  if (value !== undefined) Object.assign(found, { [name]: value });
  return found;
}
