import { longestWait, mostRetries } from '../retry.js';
import type { Rule } from './rule.js';

/** A job waits on its host, which costs money meanwhile. */
const longWaitSeconds = 15 * 60;

/** More retries than AWS Batch makes, or waits that keep a host from other work. */
export const retries: Rule = ({ steps, report }) => {
  for (const step of steps) {
    if (step.kind !== 'batch') continue;
    const { attempts, intervalSeconds } = step.retry;
    if (attempts > mostRetries)
      report.warning(
        'many-retries',
        [...step.path, 'retry', 'attempts'],
        `AWS Batch retries a job at most ${mostRetries} times, so \`attempts: ${attempts}\` means ${mostRetries}.`,
        { hint: `Write ${mostRetries} or less.` },
      );
    const wait = longestWait(step.retry);
    if (wait > longWaitSeconds)
      report.warning(
        'long-wait',
        [...step.path, 'retry'],
        `The job waits up to ${Math.round(wait / 60).toLocaleString('en-US')} minutes before its last retry, and takes up its host meanwhile.`,
        {
          hint:
            intervalSeconds > longWaitSeconds
              ? 'Choose a shorter `interval`.'
              : 'Choose a smaller `backoff_rate`, a shorter `interval` or fewer `attempts`.',
        },
      );
  }
};
