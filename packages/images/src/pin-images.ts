import {
  type AccountRegistry,
  allSteps,
  type BatchStep,
  type Diagnostic,
  type Image,
  isPinnedImage,
  splitImage,
  type Workflow,
} from '@bclaw/spec';
import pLimit from 'p-limit';
import { ImageError } from './image-error.js';
import { withDigest } from './location.js';
import type { ImageResolver } from './resolver.js';

export interface PinOptions {
  readonly resolver: ImageResolver;
  /** The core environment, whose account's ECR has the images with short names. */
  readonly account: AccountRegistry;
  /** When it aborts, unresolved images count as unreachable. */
  readonly signal?: AbortSignal;
}

export interface PinnedImages {
  /** True when every image that must have a digest has one. */
  readonly ok: boolean;
  /**
   * For the compiler: image name in the model → the same with a digest (`…@sha256:…`). When not `ok`, `offline`: the
   * compiler then finds other errors and does not report these images a second time.
   */
  readonly images: ReadonlyMap<string, string> | 'offline';
  /**
   * `unpinned-image` at the place of each image without a digest: errors, or warnings with `pin_images: best-effort`.
   */
  readonly diagnostics: readonly Diagnostic[];
}

/** Number of images that are resolved concurrently. */
const concurrency = 8;

/**
 * Resolves the images of a workflow to digests, according to its option `pin_images`; without that option it sends no
 * requests. Each distinct image is resolved once. Images with a digest in their name stay as they are, and those whose
 * names contain run-time values are left to the parser's diagnostics.
 * run-time values are left to the parser's diagnostics.
 *
 * @example
 * ```ts
 * const resolver = createImageResolver();
 * const pinned = await pinImages(workflow, { resolver, account: core });
 * const compiled = compile(workflow, { core, deploymentId, bclawVersion, images: pinned.images });
 * const diagnostics = [...pinned.diagnostics, ...compiled.diagnostics];
 * ```
 */
export async function pinImages(workflow: Workflow, options: PinOptions): Promise<PinnedImages> {
  const { pinImages: mode } = workflow.options;
  if (mode === 'no') return { ok: true, images: new Map(), diagnostics: [] };
  const wanted = imagesToPin(workflow);
  const limit = pLimit(concurrency);
  const resolve = digests(options);
  const outcomes = await Promise.all(
    [...wanted.values()].map((uses) => limit(async () => ({ uses, outcome: await resolve(uses.image) }))),
  );
  const images = new Map<string, string>();
  const diagnostics: Diagnostic[] = [];
  for (const { uses, outcome } of outcomes) {
    const { name } = uses.image;
    // One name is one image, even when the tag moved between two requests with different logins.
    if (typeof outcome === 'string') images.set(name, images.get(name) ?? withDigest(name, outcome));
    else for (const step of uses.steps) diagnostics.push(unpinned(step, name, outcome, mode));
  }
  const ok = mode === 'best-effort' || diagnostics.length === 0;
  return { ok, images: ok ? images : 'offline', diagnostics };
}

interface Uses {
  readonly image: Image;
  readonly steps: BatchStep[];
}

/**
 * Distinct images with the steps that use them, in the template's order. The same name with another login is resolved
 * separately.
 */
function imagesToPin(workflow: Workflow): ReadonlyMap<string, Uses> {
  const wanted = new Map<string, Uses>();
  for (const step of allSteps(workflow)) {
    if (step.kind !== 'batch') continue;
    const { name, auth } = step.image;
    const { digest } = splitImage(name);
    if (name.includes('${') || (digest !== undefined && isPinnedImage(name))) continue;
    const key = JSON.stringify([name, auth]);
    const uses = wanted.get(key) ?? { image: step.image, steps: [] };
    uses.steps.push(step);
    wanted.set(key, uses);
  }
  return wanted;
}

/**
 * A function that returns an image's digest, or the reason why there is none. It waits for an unreachable registry only
 * once, not for each image.
 */
function digests({ resolver, account, signal }: PinOptions): (image: Image) => Promise<string | ImageError> {
  const unreachable = new Map<string | undefined, ImageError>();
  return async (image) => {
    const { registry, digest } = splitImage(image.name);
    if (digest !== undefined) {
      return new ImageError(
        'not-found',
        'what follows the @ is no digest',
        'Write @sha256: and 64 hexadecimal digits.',
      );
    }
    const known = unreachable.get(registry);
    if (known !== undefined) return known;
    try {
      return await resolver.digestOf(image, account, signal);
    } catch (error) {
      if (!(error instanceof ImageError)) throw error;
      if (error.problem === 'unreachable') unreachable.set(registry, error);
      return error;
    }
  };
}

function unpinned(
  step: BatchStep,
  name: string,
  { message, hint = '', problem }: ImageError,
  mode: 'required' | 'best-effort',
): Diagnostic {
  const mayPass = problem === 'unreachable' || problem === 'throttled';
  const relaxed = mode === 'required' && mayPass ? ' With `pin_images: best-effort` it would keep its tag.' : '';
  return {
    code: 'unpinned-image',
    severity: mode === 'required' ? 'error' : 'warning',
    message: `The image \`${name}\` has no digest to pin it to: ${message}.`,
    path: [...step.path, 'image'],
    hint: `${hint}${relaxed}`,
  };
}
