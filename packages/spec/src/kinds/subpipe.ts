import { type Static, Type } from 'typebox';
import type { TemplatePath } from '../diagnostics.js';
import { given } from '../given.js';
import type { SubpipeStep } from '../model.js';
import type { NormaliseContext } from '../normalise/context.js';
import type { Report } from '../report.js';
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
    submit: Type.Optional(
      oneOrMore(text('a file, or "from -> to"'), 'a list of files, or of "from -> to"', {
        description: 'Deprecated: files to copy into the sub-repository first. Name them in the job data instead.',
        examples: [['reads.bam -> input.bam']],
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
  nullable: ['job_data'],
  uses: { subpipe: 'run-time', job_data: 'run-time', submit: 'run-time', retrieve: 'run-time' },
  normalise: normaliseSubpipe,
});

/** Names that Step Functions accepts, restricted to those that workflows can have; a version or an alias may follow. */
const workflowName = /^[A-Za-z0-9_-]{1,80}(?::[A-Za-z0-9_.-]{1,80})?$/;
const stateMachineArn = /^arn:[^:]+:states:[^:]*:\d*:stateMachine:[^:]+/;

function normaliseSubpipe(source: SubpipeTemplate, position: StepPosition, { report }: NormaliseContext): SubpipeStep {
  const target = source.subpipe.trim();
  if (!hasReference(target) && !workflowName.test(target) && !stateMachineArn.test(target))
    report.error(
      'bad-name',
      [...position.path, 'subpipe'],
      `"${target}" is neither the name of a workflow nor the ARN of a state machine.`,
      { hint: 'Names have at most 80 letters, digits, "_" and "-"; a version follows a colon, as in "align-reads:9".' },
    );
  if (source.submit !== undefined)
    report.warning('deprecated-field', [...position.path, 'submit'], '`submit` is deprecated, as it is in BayerCLAW.', {
      hint: 'Put the URIs of the files into the job data of the sub-workflow: it can read them where they are.',
      spot: 'key',
    });
  return {
    kind: 'subpipe',
    ...position,
    subpipe: target,
    ...given({ jobData: source.job_data }),
    submit: copiesOf(source.submit, [...position.path, 'submit'], report),
    retrieve: copiesOf(source.retrieve, [...position.path, 'retrieve'], report),
  };
}

/** Files to copy, each written as `file` or `from -> to`. */
function copiesOf(
  source: string | readonly string[] | undefined,
  path: TemplatePath,
  report: Report,
): SubpipeStep['retrieve'] {
  const texts = source === undefined ? [] : typeof source === 'string' ? [source] : source;
  return texts.map((text, index) => {
    const [from = '', to = from, ...further] = text.trim().split(/\s*->\s*/);
    if (from === '' || to === '' || further.length > 0)
      report.error('bad-retrieve', [...path, index], `"${text}" is not a file to copy.`, {
        hint: 'Write "file", or "from -> to".',
      });
    return { from, to };
  });
}
