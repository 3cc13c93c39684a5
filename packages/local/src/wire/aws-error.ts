/**
 * An error as AWS answers it: the code, the message, the HTTP status. The wire layer turns it into the shape of the
 * protocol that the client speaks.
 *
 * @example
 * ```ts
 * throw new AwsError('ResourceNotFoundException', `Function not found: ${arn}`, { status: 404 });
 * ```
 */
export class AwsError extends Error {
  override readonly name = 'AwsError';
  readonly code: string;
  readonly status: number;
  /** Further members of the error's shape, e.g. `{ Type: 'User' }`. */
  readonly members: Readonly<Record<string, unknown>>;

  constructor(
    code: string,
    message: string,
    options: { readonly status?: number; readonly members?: Readonly<Record<string, unknown>> } = {},
  ) {
    super(message);
    this.code = code;
    this.status = options.status ?? 400;
    this.members = options.members ?? {};
  }
}
