import { describe, expect, it } from 'vitest';
import { poll } from '../../src/aws/poll.js';

describe('poll', () => {
  it('probes until there is an answer', async () => {
    let probes = 0;
    const answer = await poll(async () => (++probes === 3 ? 'there' : undefined), { what: 'it', intervalMs: 1 });
    expect(answer).toBe('there');
    expect(probes).toBe(3);
  });

  it('gives up when the time is over, and says what it waited for', async () => {
    const waiting = poll(async () => undefined, {
      what: 'the end',
      timeoutMs: 5,
      intervalMs: 2,
      hint: 'See the log.',
    });
    await expect(waiting).rejects.toMatchObject({ code: 'timed-out', hint: 'See the log.' });
    await expect(waiting).rejects.toThrow('for the end in vain');
  });

  it('stops waiting as soon as it is told to', async () => {
    const stop = new AbortController();
    const waiting = poll(async () => undefined, { what: 'it', intervalMs: 3_600_000, signal: stop.signal });
    stop.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
  });

  it('passes on what the probe throws', async () => {
    await expect(poll(() => Promise.reject(new Error('broken')), { what: 'it' })).rejects.toThrow('broken');
  });
});
