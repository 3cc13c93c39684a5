import { type Static, Type } from 'typebox';
import { fields, flow, oneOrMore, text } from './fields.js';

/** A step that runs another workflow. */
export const subpipeSchema = fields(
  {
    subpipe: text('a workflow name or the ARN of a state machine', {
      description: 'Workflow name (its live version runs) or state machine ARN.',
      examples: ['align-reads'],
    }),
    job_data: Type.Optional(
      text('a file', {
        description: 'Job data of the sub-workflow: file in the repository or S3 URI. Absent: this job’s.',
        examples: ['report-job.json'],
      }),
    ),
    retrieve: Type.Optional(
      oneOrMore(text('a file, or "from -> to"'), 'a list of files, or of "from -> to"', {
        description: 'Files to copy back from the sub-repository.',
        examples: [['calls.vcf -> ${job.sample}.vcf']],
      }),
    ),
    ...flow,
  },
  { title: 'Subpipe step', description: 'Runs another workflow in a sub-repository.' },
);

export type SubpipeTemplate = Static<typeof subpipeSchema>;
