import type { SubpipeStep } from '../model.js';
import type { SubpipeTemplate } from '../schema/subpipe.js';
import { hasReference } from '../substitution/references.js';
import type { NormaliseContext } from './context.js';
import type { StepPosition } from './step-position.js';

/** Names that Step Functions takes, as far as workflows have them. */
const workflowName = /^[A-Za-z0-9_-]{1,80}$/;
const stateMachineArn = /^arn:[^:]+:states:[^:]*:\d*:stateMachine:[^:]+/;

/** A subpipe step with every shorthand expanded. */
export function normaliseSubpipe(
  source: SubpipeTemplate,
  position: StepPosition,
  { report }: NormaliseContext,
): SubpipeStep {
  const retrieve = source.retrieve ?? [];
  const texts = Array.isArray(retrieve) ? retrieve : [retrieve];
  const target = source.subpipe.trim();
  if (!hasReference(target) && !workflowName.test(target) && !stateMachineArn.test(target))
    report.error(
      'bad-name',
      [...position.path, 'subpipe'],
      `"${target}" is neither the name of a workflow nor the ARN of a state machine.`,
      { hint: 'Names have at most 80 letters, digits, "_" and "-".' },
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
