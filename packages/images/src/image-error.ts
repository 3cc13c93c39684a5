import { BclawError } from '@bclaw/spec';
import { given } from '@bclaw/spec/given';

/**
 * The reason why an image has no digest: no response, access denied, image not found, throttled, invalid response, or
 * missing credentials.
 */
export type ImageProblem = 'unreachable' | 'denied' | 'not-found' | 'throttled' | 'bad-answer' | 'no-login';

/** An image whose digest could not be resolved; the message is the end of a sentence that begins with the image. */
export class ImageError extends BclawError {
  override readonly name = 'ImageError';
  readonly problem: ImageProblem;

  constructor(problem: ImageProblem, message: string, hint: string, cause?: unknown) {
    super(`image-${problem}`, message, { hint, ...given({ cause }) });
    this.problem = problem;
  }
}
