import { nameOf } from './arns.js';
import { type Job, jobStatuses } from './model.js';
import { clientException } from './operation.js';

/**
 * Selects the jobs of a ListJobs request: with a filter, the jobs that match it in any status; otherwise those in
 * `jobStatus`, which defaults to RUNNING (AWS Batch, ListJobs).
 */
export function jobFilter(request: {
  readonly jobStatus?: string;
  readonly filters?: readonly { readonly name: string; readonly values: readonly string[] }[];
}): (job: Job) => boolean {
  const filter = request.filters?.[0];
  if (filter === undefined) {
    const wanted = request.jobStatus ?? 'RUNNING';
    if (!jobStatuses.some((status) => status === wanted))
      throw clientException(`Error executing request, Exception : jobStatus must be one of ${jobStatuses.join(', ')}`);
    return (job) => job.state.status === wanted;
  }
  const { values } = filter;
  switch (filter.name) {
    case 'JOB_NAME':
      return ({ record }) => values.some((value) => fits(value.toLowerCase(), record.jobName.toLowerCase()));
    case 'JOB_DEFINITION':
      return ({ record }) => values.some((value) => isDefinition(value, record.jobDefinition));
    case 'SHARE_IDENTIFIER':
      return ({ record }) => values.some((value) => fits(value, record.shareIdentifier ?? ''));
    case 'BEFORE_CREATED_AT':
      return ({ record }) => values.every((value) => record.createdAt < Number(value));
    case 'AFTER_CREATED_AT':
      return ({ record }) => values.every((value) => record.createdAt > Number(value));
    default:
      throw clientException(
        `Error executing request, Exception : The filter ${filter.name} is none of JOB_NAME, JOB_DEFINITION, SHARE_IDENTIFIER, BEFORE_CREATED_AT, AFTER_CREATED_AT`,
      );
  }
}

/** A trailing `*` matches any suffix. */
function fits(pattern: string, text: string): boolean {
  return pattern.endsWith('*') ? text.startsWith(pattern.slice(0, -1)) : text === pattern;
}

/** A name matches all its revisions; a name with a revision or an ARN matches one. */
function isDefinition(value: string, arn: string): boolean {
  const nameAndRevision = nameOf(arn);
  const name = nameAndRevision.slice(0, nameAndRevision.lastIndexOf(':'));
  return value === arn || value === nameAndRevision || fits(value.toLowerCase(), name.toLowerCase());
}
