import { S3Error } from '../errors.js';

/** "The value of X-Amz-Expires": seven days. */
const longestSeconds = 604_800;
/** Clocks may differ by this much, as in S3. */
const skewMs = 15 * 60_000;

/**
 * Rejects a presigned URL outside its time. The engine verifies no signature, but the time is part of what was signed.
 *
 * @param now milliseconds since 1970
 * @throws S3Error `AccessDenied`, `AuthorizationQueryParametersError`
 */
export function refuseExpired(query: URLSearchParams, now: number): void {
  const epochSeconds = query.get('Expires');
  if (epochSeconds !== null && query.has('AWSAccessKeyId')) {
    if (!/^\d{1,15}$/.test(epochSeconds) || Number(epochSeconds) * 1000 < now) throw expired();
    return;
  }
  const [signedAt, seconds] = [query.get('X-Amz-Date'), query.get('X-Amz-Expires')];
  if (signedAt === null || seconds === null) return;
  const [, date, time] = /^(\d{8})T(\d{6})Z$/.exec(signedAt) ?? [];
  if (date === undefined || time === undefined)
    throw malformed("X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"");
  if (!/^\d+$/.test(seconds)) throw malformed('X-Amz-Expires should be a number');
  if (Number(seconds) > longestSeconds)
    throw malformed(
      'X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds',
    );
  const begin = Date.parse(
    `${date.replace(/(....)(..)(..)/, '$1-$2-$3')}T${time.replace(/(..)(..)(..)/, '$1:$2:$3')}Z`,
  );
  if (begin - skewMs > now) throw new S3Error('AccessDenied', 'Request is not valid yet', { status: 403 });
  if (begin + Number(seconds) * 1000 < now) throw expired();
}

const expired = (): S3Error => new S3Error('AccessDenied', 'Request has expired', { status: 403 });
const malformed = (message: string): S3Error => new S3Error('AuthorizationQueryParametersError', message);
