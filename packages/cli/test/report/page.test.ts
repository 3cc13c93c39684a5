import type { ExecutionReport, MeasuredAttempt } from '@bclaw/ops';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reportPage } from '../../src/report/page.js';
import { traceCsv } from '../../src/report/trace.js';
import { at, counts, job, step } from '../progress/jobs.js';

const attempt = (more: Partial<MeasuredAttempt> = {}): MeasuredAttempt => ({
  execution: 'sample-1',
  step: 'align',
  index: 'main',
  jobId: 'job-1',
  attempt: 1,
  startedAt: 2_000,
  totalMs: 5_000,
  phaseMs: { wait: 0, image: 500, inputs: 1_000, commands: 3_000, outputs: 900 },
  exitCode: 0,
  queueMs: 1_500,
  ...more,
});

const usage = {
  step: 'align',
  attempts: 2,
  failedAttempts: 1,
  retries: 1,
  medianMs: 5_000,
  longestMs: 6_000,
  cpuMs: 2_000,
  peakBytes: 300 * 2 ** 20,
  memoryMiB: 8_192,
  inputBytes: 10,
  outputBytes: 2_048,
  cpuHours: 0.5,
  gibHours: 4,
  imageDigests: ['sha256:0a1b'],
};

const report = (more: Partial<ExecutionReport> = {}): ExecutionReport => ({
  status: job('sample-1', [step('align', 'succeeded', { branches: counts(2, { succeeded: 1, failed: 1 }) })], {
    status: 'SUCCEEDED',
    stoppedAt: at(10),
  }),
  attempts: [attempt()],
  usage: [usage],
  ...more,
});

describe('the page of a report', () => {
  it('has what was asked beside what was needed, and a cost for given prices', () => {
    const page = reportPage(report(), { cpuPrice: 0.04, memoryPrice: 0.005 });
    expect(page).toContain('<td>300.0 MiB of 8.0 GiB</td>');
    expect(page).toContain('<td>0.0400</td>');
    expect(page).toContain('sha256:0a1b');
    expect(reportPage(report(), {})).not.toContain('<th>Cost</th>');
  });

  it('draws the parts of an attempt one after another', () => {
    const page = reportPage(report(), {});
    const bars = [...page.matchAll(/<i class="(\w+)" style="left:([\d.]+)%;width:([\d.]+)%/g)].map(([, ...of]) => of);
    expect(bars).toEqual([
      ['succeeded', '0.000', '10.000'],
      ['queue', '5.000', '15.000'],
      ['rest', '20.000', '50.000'],
      ['inputs', '20.000', '10.000'],
      ['image', '20.000', '5.000'],
      ['commands', '30.000', '30.000'],
      ['outputs', '60.000', '9.000'],
    ]);
  });

  it('has no markup but its own, whatever is in names, values and logs', () => {
    // Its tags, but for the texts that pop up.
    const markup = (page: string) => (page.match(/<[^>]*>/g) ?? []).map((tag) => tag.replace(/ title="[^"]*"/, ''));
    const withText = (text: string) =>
      reportPage(
        {
          ...report({ attempts: [attempt({ step: text })], usage: [{ ...usage, step: text, imageDigests: [text] }] }),
          jobData: JSON.stringify({ job: { name: text } }),
          status: job(text, [step(text, 'failed')], {
            status: 'FAILED',
            stoppedAt: at(10),
            failure: {
              within: [{ step: text, execution: text }],
              step: text,
              reason: text,
              lastLines: [{ time: at(1), source: 'commands', text }],
            },
          }),
        },
        {},
      );
    const plain = markup(withText('x'));
    expect(withText('<script>alert(1)</script>')).not.toContain('<script');
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.constantFrom('<script>', '"><img src=x onerror=alert(1)>', "' onmouseover='x")),
        (text) => {
          expect(markup(withText(text || 'x'))).toEqual(plain);
        },
      ),
    );
  });

  it('has one row for ten thousand branches', () => {
    const attempts = Array.from({ length: 10_000 }, (_, index) =>
      attempt({ index: String(index), startedAt: index / 2, totalMs: 4_000 }),
    );
    const page = reportPage(report({ attempts }), {});
    expect(page).toContain('align × 10000, at most ');
    expect(page.length).toBeLessThan(40_000);
  });
});

describe('a trace', () => {
  it('has a line for each attempt, with the cells quoted that need it', () => {
    const [head, first, second, ...rest] = traceCsv([attempt(), attempt({ step: 'a,"b"', queueMs: 0 })]).split('\r\n');
    expect(head).toMatch(/^step,branch,job_id,attempt,started_at,queue_ms,wait_ms,/);
    expect(first).toBe('align,main,job-1,1,1970-01-01T00:00:02.000Z,1500,0,500,1000,3000,900,5000,0,,,,,,,');
    expect(second?.startsWith('"a,""b""",main,job-1,1,')).toBe(true);
    expect(rest).toEqual(['']);
  });
});
