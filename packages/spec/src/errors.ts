/**
 * An error that a user can act on: a stable code, a sentence that says what happened, and a hint.
 *
 * @example
 * ```ts
 * throw new BclawError('no-such-version', 'my-workflow has no version 7.', {
 *   hint: 'Run `bclaw versions my-workflow` to see what there is.',
 * });
 * ```
 */
export class BclawError extends Error {
  override readonly name: string = 'BclawError';
  /** Stable and kebab-case, for programs. */
  readonly code: string;
  /** The hint: a sentence, often with a command. */
  readonly hint: string | undefined;

  constructor(code: string, message: string, options: { readonly hint?: string; readonly cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
  }
}
