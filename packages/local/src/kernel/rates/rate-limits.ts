import { AwsError } from '../../wire/aws-error.js';
import type { Rate } from './aws-rates.js';
import { TokenBucket } from './token-bucket.js';

/** Refuses calls that come more often than the rates allow, as AWS refuses them. */
export class RateLimits {
  readonly #buckets = new Map<string, TokenBucket>();

  /** @param now - a clock that never goes back, in milliseconds */
  constructor(rates: readonly Rate[], now: () => number = () => performance.now()) {
    for (const { service, operations, bucket, perSecond } of rates) {
      const shared = new TokenBucket(bucket, perSecond, now);
      for (const operation of operations) this.#buckets.set(`${service}:${operation}`, shared);
    }
  }

  /** @throws AwsError as the service words it, when there is no token left */
  admit(service: string, operation: string): void {
    if (this.#buckets.get(`${service}:${operation}`)?.take() === false) throw refusal(service);
  }
}

function refusal(service: string): AwsError {
  switch (service) {
    case 'batch':
      return new AwsError('TooManyRequestsException', 'Too Many Requests', { status: 429 });
    case 'lambda':
      return new AwsError('TooManyRequestsException', 'Rate exceeded', {
        status: 429,
        members: { Reason: 'CallerRateLimitExceeded', Type: 'User' },
      });
    default:
      return new AwsError('ThrottlingException', 'Rate exceeded');
  }
}
