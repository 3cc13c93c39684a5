import { type Static, Type } from 'typebox';
import type { SubpipeStep } from '../model.js';
import type { NormaliseContext } from '../normalise/context.js';
import { fields, flow, oneOrMore, text } from '../schema/fields.js';
import { hasReference } from '../substitution/references.js';
import { type StepPosition, stepKind } from './kind.js';

const subpipeSchema = fields(
  {
    subpipe: text('a workflow name or the ARN of a state machine', {
      description: 'Workflow name (its live version runs), `name:9` for its version 9, or state machine ARN.',
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

type SubpipeTemplate = Static<typeof subpipeSchema>;

/** A step that runs another workflow. */
export const subpipe = stepKind({
  kind: 'subpipe',
  key: 'subpipe',
  schema: subpipeSchema,
  placeholder: { subpipe: '-' },
  uses: { subpipe: 'run-time', job_data: 'run-time', retrieve: 'run-time' },
  normalise: normaliseSubpipe,
});

/** Names that Step Functions takes, as far as workflows have them; a version or an alias may follow. */
const workflowName = /^[A-Za-z0-9_-]{1,80}(?::[A-Za-z0-9_.-]{1,80})?$/;
const stateMachineArn = /^arn:[^:]+:states:[^:]*:\d*:stateMachine:[^:]+/;

function normaliseSubpipe(source: SubpipeTemplate, position: StepPosition, { report }: NormaliseContext): SubpipeStep {
  const retrieve = source.retrieve ?? [];
  const texts = Array.isArray(retrieve) ? retrieve : [retrieve];
  const target = source.subpipe.trim();
  if (!hasReference(target) && !workflowName.test(target) && !stateMachineArn.test(target))
    report.error(
      'bad-name',
      [...position.path, 'subpipe'],
      `"${target}" is neither the name of a workflow nor the ARN of a state machine.`,
      { hint: 'Names have at most 80 letters, digits, "_" and "-"; a version follows a colon, as in "align-reads:9".' },
    );
  return {
    kind: 'subpipe',
    ...position,
    subpipe: target,
    ...(source.job_data === undefined ? {} : { jobData: source.job_data }),
    retrieve: texts.map((text, index) => {
      const [from = '', to = from, ...further] = text.trim().split(/\s*->\s*/);
      if (from === '' || to === '' || further.length > 0)
        report.error('bad-retrieve', [...position.path, 'retrieve', index], `"${text}" is not a file to retrieve.`, {
          hint: 'Write "file", or "from -> to".',
        });
      return { from, to };
    }),
  };
}
