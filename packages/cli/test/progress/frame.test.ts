import fc from 'fast-check';
import pc from 'picocolors';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { progressFrame } from '../../src/progress/frame.js';
import { at, counts, job, step } from './jobs.js';

const plain = pc.createColors(false);
const frame = (jobs: Parameters<typeof progressFrame>[0], columns = 80, rows = 24) =>
  progressFrame(jobs, { columns, rows, now: at(60), style: plain });

const scatter = (succeeded: number, failed = 0) =>
  step('lanes.map', 'running', { branches: counts(103, { succeeded, failed, running: 5 }) });

describe('a frame of running jobs', () => {
  it('has a headline for each job and a line for each of its running steps, with a bar and an estimate', () => {
    const first = job('sample-1', [
      step('lanes', 'succeeded'),
      scatter(24, 2),
      step('call', 'running', { retries: 1 }),
    ]);
    const second = job('sample-2', [step('align', 'running', { startedAt: at(48) })], { startedAt: at(40) });
    expect(frame([first, second])).toEqual([
      'sample-1  running  1 min 0 s  1 step done',
      '  lanes.map  ━━━━──────────  26/103  2 failed  1 min 0 s  about 2 min 58 s left',
      '  call       1 min 0 s  retry 1',
      'sample-2  running  20.0 s',
      '  align  12.0 s',
    ]);
  });

  it('leaves out the bar where there is no room for it, and never the numbers', () => {
    const line = (columns: number) => frame([job('sample-1', [scatter(26)])], columns)[1];
    expect(line(60)).toBe('  lanes.map  26/103  1 min 0 s  about 2 min 58 s left');
    expect(line(50)).toBe('  lanes.map  ━━━━━────────────  26/103  1 min 0 s');
  });

  it('fills the bar only when all branches have ended, and begins it with the first', () => {
    const bar = (succeeded: number) => /[━─]+/.exec(frame([job('j', [scatter(succeeded)])], 200)[1] ?? '')?.[0];
    expect(bar(0)).toBe('─'.repeat(40));
    expect(bar(1)).toBe(`━${'─'.repeat(39)}`);
    expect(bar(102)).toBe(`${'━'.repeat(39)}─`);
    expect(bar(103)).toBe('━'.repeat(40));
  });

  it('has no lines for jobs that have ended', () => {
    expect(frame([job('sample-1', [step('align', 'succeeded')], { status: 'SUCCEEDED' })])).toEqual([]);
  });

  it('says how many jobs have no room', () => {
    const jobs = Array.from({ length: 9 }, (_, index) => job(`sample-${index}`, [step('align', 'running')]));
    expect(frame(jobs, 80, 6)).toEqual([
      'sample-0  running  1 min 0 s',
      '  align  1 min 0 s',
      'sample-1  running  1 min 0 s',
      '  align  1 min 0 s',
      'and 7 more jobs',
    ]);
  });

  it('never has more lines than the terminal has above its last one', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 6 }), { maxLength: 12 }),
        fc.integer({ min: 2, max: 30 }),
        (running, rows) => {
          const jobs = running.map((count, index) =>
            job(
              `j${index}`,
              Array.from({ length: count }, (_, number) => step(`s${number}`, 'running')),
            ),
          );
          expect(frame(jobs, 80, rows).length).toBeLessThanOrEqual(rows - 1);
        },
      ),
    );
  });

  it('fits a terminal of 60 to 200 columns', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 60, max: 200 }),
        fc.integer({ min: 0, max: 103 }),
        fc.constantFrom('a', 'lanes.map', '配列を整える.map'),
        (columns, succeeded, name) => {
          const branches = counts(103, { succeeded });
          for (const line of frame([job('sample-1_AbCdEfGh', [step(name, 'running', { branches })])], columns))
            expect(stringWidth(line)).toBeLessThan(columns);
        },
      ),
    );
  });
});
