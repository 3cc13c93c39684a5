import type { Rule } from './rule.js';

/** A digest is looked up at deployment; an image that a job's own values name can only be known when the job runs. */
export const runTimeImage: Rule = ({ steps, workflow: { options }, report }) => {
  if (options.pinImages === 'no') return;
  const severity = options.pinImages === 'required' ? 'error' : 'warning';
  for (const step of steps) {
    if (step.kind !== 'batch' || !step.image.name.includes('${')) continue;
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
