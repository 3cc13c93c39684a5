import type { SubpipeStep } from '../model.js';
import type { SubpipeTemplate } from '../schema/subpipe.js';
import type { NormaliseContext } from './context.js';
import type { StepPosition } from './step-position.js';

/** A subpipe step with every shorthand expanded. */
export function normaliseSubpipe(
  source: SubpipeTemplate,
  position: StepPosition,
  { report }: NormaliseContext,
): SubpipeStep {
  const retrieve = source.retrieve ?? [];
  const texts = Array.isArray(retrieve) ? retrieve : [retrieve];
  return {
    kind: 'subpipe',
    ...position,
    subpipe: source.subpipe.trim(),
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
