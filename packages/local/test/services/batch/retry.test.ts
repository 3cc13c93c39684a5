import { describe, expect, it } from 'vitest';
import type { AttemptDetail, EvaluateOnExit } from '../../../src/services/batch/model.js';
import { runsAgain } from '../../../src/services/batch/retry.js';

const failed = (
  container: { exitCode?: number; reason?: string },
  statusReason = 'Essential container in task exited',
) =>
  ({
    container: { taskArn: 'arn:task', containerInstanceArn: 'arn:instance', ...container },
    stoppedAt: 0,
    statusReason,
  }) satisfies AttemptDetail;

describe('runsAgain', () => {
  it('gives one attempt unless told otherwise', () => {
    expect(runsAgain({}, [failed({ exitCode: 1 })])).toBe(false);
    expect(runsAgain({ attempts: 2 }, [failed({ exitCode: 1 })])).toBe(true);
    expect(runsAgain({ attempts: 2 }, [failed({ exitCode: 1 }), failed({ exitCode: 1 })])).toBe(false);
  });

  const decide = (entry: EvaluateOnExit, attempt: AttemptDetail) =>
    runsAgain({ attempts: 3, evaluateOnExit: [entry, { action: 'EXIT', onReason: '*' }] }, [attempt]);

  it.each([
    ['an exit code', { action: 'RETRY', onExitCode: '137' }, failed({ exitCode: 137 }), true],
    ['the beginning of an exit code', { action: 'exit', onExitCode: '13*' }, failed({ exitCode: 137 }), false],
    [
      'a lost host',
      { action: 'RETRY', onStatusReason: 'Host EC2*' },
      failed({}, 'Host EC2 (instance i-1) terminated.'),
      true,
    ],
    ['a reason', { action: 'RETRY', onReason: 'CannotPull*' }, failed({ reason: 'CannotPullContainerError: x' }), true],
    [
      'all conditions of an entry',
      { action: 'EXIT', onReason: 'Cannot*', onExitCode: '1' },
      failed({ exitCode: 1 }),
      true,
    ],
  ] as const)('decides by %s', (_what, entry, attempt, again) => {
    expect(decide(entry, attempt)).toBe(again);
  });

  it('takes the first entry that holds', () => {
    const evaluateOnExit = [
      { action: 'EXIT', onExitCode: '1' },
      { action: 'RETRY', onExitCode: '*' },
    ];
    expect(runsAgain({ attempts: 3, evaluateOnExit }, [failed({ exitCode: 1 })])).toBe(false);
    expect(runsAgain({ attempts: 3, evaluateOnExit }, [failed({ exitCode: 2 })])).toBe(true);
  });
});
