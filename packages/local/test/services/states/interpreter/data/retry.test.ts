import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Retrier } from '../../../../../src/services/states/definition/model.js';
import { covers, RetryLedger, retryDelay } from '../../../../../src/services/states/interpreter/data/retry.js';

const retrier = (extra: Partial<Retrier> = {}): Retrier => ({
  errors: ['States.ALL'],
  intervalSeconds: 1,
  maxAttempts: 3,
  backoffRate: 2,
  maxDelaySeconds: undefined,
  jitter: 'NONE',
  ...extra,
});
const none = () => 0;

describe('covers', () => {
  it.each([
    [['Oops'], 'Oops', true],
    [['Oops'], 'Other', false],
    [['States.ALL'], 'Other', true],
    [['States.ALL'], 'States.Timeout', true],
    [['States.ALL'], 'States.Runtime', false],
    [['States.Runtime'], 'States.Runtime', false],
    [['States.ALL'], 'States.DataLimitExceeded', false],
    [['States.DataLimitExceeded'], 'States.DataLimitExceeded', true],
    [['States.TaskFailed'], 'Batch.BatchException', true],
    [['States.TaskFailed'], 'States.Timeout', false],
    [['States.TaskFailed'], 'States.HeartbeatTimeout', false],
    [['States.Timeout'], 'States.HeartbeatTimeout', true],
    [['States.HeartbeatTimeout'], 'States.Timeout', false],
  ])('%j covers %s: %s', (names, error, result) => {
    expect(covers(names, error)).toBe(result);
  });
});

describe('the retry schedule', () => {
  it('grows by the back-off rate from the interval on', () => {
    // States Language: interval 3, rate 1.5, attempts at 3, 4.5 and 6.75 seconds.
    const each = retrier({ intervalSeconds: 3, backoffRate: 1.5 });
    expect([0, 1, 2].map((attempt) => retryDelay(each, attempt, none))).toEqual([3, 4.5, 6.75]);
  });

  const schedules = fc.record({
    intervalSeconds: fc.integer({ min: 1, max: 100 }),
    backoffRate: fc.double({ min: 1, max: 5, noNaN: true }),
    maxDelaySeconds: fc.option(fc.integer({ min: 101, max: 10_000 }), { nil: undefined }),
  });

  it('never shrinks, never passes the maximum, and jitter only shortens it', () => {
    fc.assert(
      fc.property(schedules, fc.nat(20), fc.double({ min: 0, max: 0.999, noNaN: true }), (given, attempt, chance) => {
        const each = retrier(given);
        const delay = retryDelay(each, attempt, none);
        expect(retryDelay(each, attempt + 1, none)).toBeGreaterThanOrEqual(delay);
        expect(delay).toBeLessThanOrEqual(given.maxDelaySeconds ?? Number.POSITIVE_INFINITY);
        const jittered = retryDelay({ ...each, jitter: 'FULL' }, attempt, () => chance);
        expect(jittered).toBeGreaterThanOrEqual(0);
        expect(jittered).toBeLessThanOrEqual(delay);
      }),
    );
  });

  it('counts each retrier on its own, and the first that covers the error counts', () => {
    const ledger = new RetryLedger([
      retrier({ errors: ['A'], maxAttempts: 1, intervalSeconds: 10 }),
      retrier({ errors: ['States.ALL'], maxAttempts: 2 }),
    ]);
    expect(['A', 'B', 'B', 'A', 'B'].map((error) => ledger.next(error, none))).toEqual([
      10,
      1,
      2,
      undefined,
      undefined,
    ]);
    expect(ledger.count).toBe(3);
  });

  it('retries as often as MaxAttempts says', () => {
    fc.assert(
      fc.property(fc.nat(30), (maxAttempts) => {
        const ledger = new RetryLedger([retrier({ maxAttempts })]);
        let count = 0;
        while (ledger.next('X', none) !== undefined) count += 1;
        expect(count).toBe(maxAttempts);
      }),
    );
  });
});
