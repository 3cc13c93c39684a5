import { references } from '../substitution/references.js';
import { runTimeReference } from '../substitution/run-time.js';
import type { Rule } from './rule.js';

/**
 * A digest is looked up at deployment; an image whose name contains values of the job is only known when the job runs.
 */
export const runTimeImage: Rule = ({ steps, workflow: { options }, report }) => {
  if (options.pinImages === 'no') return;
  const severity = options.pinImages === 'required' ? 'error' : 'warning';
  for (const step of steps) {
    if (step.kind !== 'batch' || !isNamedByJob(step.image.name)) continue;
    report[severity](
      'run-time-image',
      [...step.path, 'image'],
      `The image \`${step.image.name}\` is named by values of each job, so a deployment cannot pin it.`,
      {
        hint:
          severity === 'error'
            ? 'Name it with a parameter (`${Tag}`), or let it float with `pin_images: best-effort`.'
            : 'Name it with a parameter (`${Tag}`).',
      },
    );
  }
};

/**
 * Returns true if an image's name contains a run-time reference. Any other `${…}` in it is an unknown name with its own
 * error.
 */
function isNamedByJob(image: string): boolean {
  return references(image).some(({ content }) => runTimeReference(content) !== undefined);
}
