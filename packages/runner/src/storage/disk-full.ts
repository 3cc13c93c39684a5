import { BclawError } from '@bclaw/spec/run-time';

/** No space left, quota exceeded, or file too large. */
const codes = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** Returns true if a file could not be written because the disk is full. */
export function isDiskFull(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error && codes.has(String(error.code));
}

/** Error for a full disk, with a hint. */
export function diskFull(cause: Error, what?: string): BclawError {
  const words = what === undefined ? cause.message : `for ${what}`;
  return new BclawError('disk-full', `There is no space left on the scratch disk: ${words}.`, {
    hint: "Give the job's hosts a larger volume, or stage and write less.",
    cause,
  });
}
