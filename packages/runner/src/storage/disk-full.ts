import { BclawError } from '@bclaw/spec/run-time';

/** No space, no more of the user's share of it, or a file larger than allowed. */
const codes = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** Whether a file could not be written because the disk has no room for it. */
export function isDiskFull(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error && codes.has(String(error.code));
}

/** Says so, with a way out. */
export function diskFull(cause: Error, what?: string): BclawError {
  const words = what === undefined ? cause.message : `for ${what}`;
  return new BclawError('disk-full', `There is no space left on the scratch disk: ${words}.`, {
    remedy: "Give the job's hosts a larger volume, or stage and write less.",
    cause,
  });
}
