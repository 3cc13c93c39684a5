import { BclawError } from '@bclaw/spec';
import { given } from '@bclaw/spec/given';

/**
 * Why an image has no digest: nobody answers, the registry refuses, it does not have the image, it is asked too often, its
 * answer makes no sense, or what is needed to log in is missing.
 */
export type ImageProblem = 'unreachable' | 'denied' | 'not-found' | 'throttled' | 'bad-answer' | 'no-login';

/** An image whose digest could not be found out; the message is the end of a sentence that begins with the image. */
export class ImageError extends BclawError {
  override readonly name = 'ImageError';
  readonly problem: ImageProblem;

  constructor(problem: ImageProblem, message: string, remedy: string, cause?: unknown) {
    super(`image-${problem}`, message, { remedy, ...given({ cause }) });
    this.problem = problem;
  }
}
