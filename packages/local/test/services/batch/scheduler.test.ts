import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type QueueRanks, Scheduler, type Stock, type WaitingJob } from '../../../src/services/batch/scheduler.js';

const equalRanks: QueueRanks = { priority: () => 1, weight: () => 1 };
const plenty: Stock = { has: () => true, take: () => {}, giveBack: () => {} };
const turn = () => new Promise((resolve) => setImmediate(resolve));

function job(jobId: string, settings: Partial<WaitingJob> = {}): WaitingJob {
  return { jobId, queue: 'q', share: '', priority: 0, vcpus: 1, memoryMiB: 100, needs: [], ...settings };
}

function machine(vcpus: number, memoryMiB: number, ranks = equalRanks, stock = plenty) {
  const started: string[] = [];
  const scheduler = new Scheduler({ vcpus, memoryMiB }, ranks, stock, (jobId) => started.push(jobId));
  return { scheduler, started };
}

describe('Scheduler', () => {
  it('starts as many as fit, in the order in which they came', async () => {
    const { scheduler, started } = machine(2, 1000);
    for (const id of ['a', 'b', 'c']) scheduler.add(job(id));
    await turn();
    expect(started).toEqual(['a', 'b']);
    scheduler.release('a');
    await turn();
    expect(started).toEqual(['a', 'b', 'c']);
  });

  it('honours memory as well as cpus', async () => {
    const { scheduler, started } = machine(8, 1000);
    scheduler.add(job('a', { memoryMiB: 800 }));
    scheduler.add(job('b', { memoryMiB: 300 }));
    await turn();
    expect(started).toEqual(['a']);
  });

  it('lets no small job overtake a large one whose turn it is', async () => {
    const { scheduler, started } = machine(2, 1000);
    scheduler.add(job('small'));
    scheduler.add(job('large', { vcpus: 2 }));
    scheduler.add(job('late'));
    await turn();
    expect(started).toEqual(['small']);
    scheduler.release('small');
    await turn();
    expect(started).toEqual(['small', 'large']);
  });

  it('runs a job that is larger than the machine alone', async () => {
    const { scheduler, started } = machine(2, 1000);
    scheduler.add(job('giant', { vcpus: 64 }));
    scheduler.add(job('next'));
    await turn();
    expect(started).toEqual(['giant']);
    expect(scheduler.exceedsMachine({ vcpus: 64, memoryMiB: 1 })).toBe(true);
    scheduler.release('giant');
    await turn();
    expect(started).toEqual(['giant', 'next']);
  });

  it('shares fairly: who uses less comes first', async () => {
    const { scheduler, started } = machine(2, 1000);
    for (let index = 0; index < 5; index += 1) scheduler.add(job(`busy${index}`, { share: 'busy' }));
    scheduler.add(job('other', { share: 'other' }));
    await turn();
    expect(started).toEqual(['busy0', 'other']);
  });

  it('gives a share of lower weight factor more', async () => {
    const weights: QueueRanks = { priority: () => 1, weight: (_queue, share) => (share === 'light' ? 0.25 : 1) };
    const { scheduler, started } = machine(5, 1000, weights);
    for (let index = 0; index < 5; index += 1) {
      scheduler.add(job(`heavy${index}`, { share: 'heavy' }));
      scheduler.add(job(`light${index}`, { share: 'light' }));
    }
    await turn();
    expect(started.filter((id) => id.startsWith('light'))).toHaveLength(4);
  });

  it('takes queues by priority, and within a share jobs by theirs', async () => {
    const ranks: QueueRanks = { priority: (queue) => (queue === 'urgent' ? 10 : 1), weight: () => 1 };
    const { scheduler, started } = machine(1, 1000, ranks);
    scheduler.add(job('later'));
    scheduler.add(job('low', { queue: 'urgent' }));
    scheduler.add(job('high', { queue: 'urgent', priority: 5 }));
    for (const _ of [1, 2, 3]) {
      await turn();
      scheduler.release(started.at(-1) ?? '');
    }
    expect(started).toEqual(['high', 'low', 'later']);
  });

  it('forgets a job that was removed while it waited', async () => {
    const { scheduler, started } = machine(1, 1000);
    scheduler.add(job('a'));
    scheduler.add(job('b'));
    expect(scheduler.remove('b')).toBe(true);
    expect(scheduler.remove('b')).toBe(false);
    await turn();
    scheduler.release('a');
    await turn();
    expect(started).toEqual(['a']);
  });

  it('starts every job exactly once and never more than fit, whatever comes and goes', async () => {
    const jobs = fc.array(
      fc.record({
        vcpus: fc.integer({ min: 1, max: 6 }),
        memoryMiB: fc.integer({ min: 10, max: 1500 }),
        share: fc.constantFrom('', 'x', 'y'),
        queue: fc.constantFrom('q', 'r'),
        priority: fc.integer({ min: 0, max: 2 }),
      }),
      { maxLength: 30 },
    );
    await fc.assert(
      fc.asyncProperty(jobs, fc.infiniteStream(fc.nat()), async (settings, choices) => {
        const all = new Map(settings.map((setting, index) => [`j${index}`, job(`j${index}`, setting)]));
        const { scheduler, started } = machine(4, 1000);
        for (const item of all.values()) scheduler.add(item);
        const running = new Set<string>();
        let seen = 0;
        for (;;) {
          await turn();
          for (; seen < started.length; seen += 1) running.add(started[seen] ?? '');
          const used = [...running].map((id) => all.get(id) ?? job(id));
          const fits =
            used.reduce((sum, { vcpus }) => sum + vcpus, 0) <= 4 &&
            used.reduce((sum, { memoryMiB }) => sum + memoryMiB, 0) <= 1000;
          expect(fits || running.size === 1).toBe(true);
          if (running.size === 0) break;
          const victim = [...running][(choices.next().value ?? 0) % running.size] ?? '';
          running.delete(victim);
          scheduler.release(victim);
        }
        expect([...started].sort()).toEqual([...all.keys()].sort());
      }),
      { numRuns: 50 },
    );
  });
});
