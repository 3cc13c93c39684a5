import { invalidArgument } from '../errors.js';

/** S3 returns at most a thousand entries at a time, even if more are requested. */
const maximum = 1000;

/** @throws S3Error `InvalidArgument` for a negative number */
export function pageSize(parameter: string, asked: number | undefined): number {
  if (asked !== undefined && asked < 0)
    throw invalidArgument(
      parameter,
      String(asked),
      `Argument ${parameter} must be an integer between 0 and 2147483647`,
    );
  return Math.min(asked ?? maximum, maximum);
}

/** @throws S3Error `InvalidArgument`: the only encoding that S3 supports is `url` */
export function checkEncoding(encoding: string | undefined): void {
  if (encoding !== undefined && encoding !== 'url')
    throw invalidArgument('encoding-type', encoding, 'Invalid Encoding Method specified in Request');
}
