/**
 * An AWS error: the code, the message, the HTTP status. The wire layer encodes it in the client's protocol.
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
  /** Additional members of the error's shape, e.g. `{ Type: 'User' }`. */
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
