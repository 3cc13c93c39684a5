import { isPinnedImage } from '../scalars/image.js';
import type { Rule } from './rule.js';

/** A rollback restores a version's structure, but its images only if their names still refer to the same images. */
export const mutableImage: Rule = ({ steps, workflow, report }) => {
  const { versioned, pinImages } = workflow.options;
  // With pin_images, the deployment replaces tags by digests.
  if (!versioned || pinImages !== 'no') return;
  for (const step of steps) {
    if (step.kind !== 'batch' || isPinnedImage(step.image.name)) continue;
    report.warning(
      'mutable-image',
      [...step.path, 'image'],
      `The image \`${step.image.name}\` can change under its name, so a rollback may run another one.`,
      {
        hint: 'Use a digest (name@sha256:…) or a tag that is never moved, such as 1.4.2; parameters can supply it. Or let the deployment look the digests up: `pin_images: true`.',
      },
    );
  }
};
