import { submittedFolder } from '@bclaw/spec/contract';

/** Step Functions allows 80 characters; 8 are the S3 version's and one is the underscore. */
const maxNameLength = 71;

/**
 * The execution's name for a job file: the same for every delivery of one upload, and different for every upload.
 *
 * @param key - the job file's key, `<workflow>/…`, `<workflow>:<version>/…` or `__submitted__/<workflow>/…`
 * @param versionId - the object's S3 version id; empty in a bucket without versioning
 *
 * @example `executionName('my-workflow/2026/sample 7.json', 'my-workflow', '3sL4kqtJlcpXroDT')` is `2026-sample-7_3sL4kqtJ`.
 */
export function executionName(key: string, workflow: string, versionId: string): string {
  const prefix = [`${workflow}/`, `${submittedFolder}/${workflow}/`].find((each) => key.startsWith(each)) ?? '';
  const path = key.startsWith(`${workflow}:`) ? key.slice(key.indexOf('/') + 1) : key.slice(prefix.length);
  const name = path
    .replace(/(?<=[^/])\.[^./]*$/, '')
    .replace(/[^A-Za-z0-9]+/g, '-')
    // A Batch job's name begins with the execution's, and it must begin with a letter or a digit.
    .replace(/^-/, '')
    .slice(0, maxNameLength);
  const version = versionId.replace(/[^A-Za-z0-9]/g, '').slice(0, 8);
  return `${name || 'job'}_${version || 'NULL'}`;
}
