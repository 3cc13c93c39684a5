import { isBucketName, parseS3Uri } from '../scalars/s3-uri.js';
import { references } from '../substitution/references.js';
import { runTimeReference } from '../substitution/run-time.js';
import type { Rule } from './rule.js';

/** The repository must be in a bucket that can exist. */
export const badRepository: Rule = ({ workflow, report, written }) => {
  const bucket = parseS3Uri(workflow.repository)?.bucket;
  if (bucket === undefined || bucket.includes('${') || isBucketName(bucket)) return;
  report.error('bad-repository', [written('Repository')], `"${bucket}" cannot be the name of a bucket.`, {
    hint: 'Bucket names have 3 to 63 lower-case letters, digits, "-" and ".".',
  });
};

/** Jobs that run at the same time in one folder overwrite each other's files. */
export const sharedRepository: Rule = ({ workflow, report, written }) => {
  const { repository } = workflow;
  if (repository === '' || references(repository).some(({ content }) => runTimeReference(content) !== undefined))
    return;
  report.warning('shared-repository', [written('Repository')], 'All jobs of this workflow share one repository.', {
    hint: 'Add something that differs from job to job, such as "/${job.SAMPLE_ID}".',
  });
};
