import { type BatchStep, type Diagnostic, type Options, splitImage } from '@bclaw/spec';
import { error } from '../checks/diagnostic.js';

/**
 * The digests of a workflow's images: `image` of a step → the name with a digest that its jobs use instead. `offline` =
 * the registries were not queried, and names stay as they are.
 */
export type Images = ReadonlyMap<string, string> | 'offline';

/** The image of a step's jobs. */
export function imageOf({ image: { name } }: BatchStep, { pinImages }: Options, images: Images): string {
  return pinImages === 'no' || images === 'offline' ? name : (images.get(name) ?? name);
}

/** Returns `unpinned-image` for a step whose image must have a digest and has none. */
export function checkImage(step: BatchStep, options: Options, images: Images): readonly Diagnostic[] {
  if (options.pinImages !== 'required' || images === 'offline') return [];
  if (splitImage(imageOf(step, options, images)).digest !== undefined) return [];
  return [
    error(
      'unpinned-image',
      [...step.path, 'image'],
      `The image \`${step.image.name}\` has no digest: no registry has been asked for it.`,
      'Write the image with its digest (name@sha256:…), or set `pin_images` to `best-effort`.',
    ),
  ];
}
