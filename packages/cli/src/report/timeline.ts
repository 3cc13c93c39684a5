import type { ExecutionReport, MeasuredAttempt, StepReport } from '@bclaw/ops';
import { jobPhases } from '@bclaw/spec/contract';
import { formatDuration } from '../duration.js';
import { type Html, html } from './markup.js';

/** More attempts of a step than this are one row with the number that ran at once. */
const mostRows = 40;

/** Columns of such a row. */
const bins = 120;

/** A span of time in milliseconds since 1970. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/** The steps of an execution on its time, and below each step the attempts of its jobs with their parts. */
export function timeline({ status, attempts }: ExecutionReport, now: Date): Html {
  const all = { from: status.startedAt.getTime(), to: (status.stoppedAt ?? now).getTime() };
  const byStep = new Map<string, MeasuredAttempt[]>();
  for (const one of attempts) {
    const others = byStep.get(one.step);
    if (others === undefined) byStep.set(one.step, [one]);
    else others.push(one);
  }
  const stepRows = status.steps.map((step) => stepRow(step, all, now));
  const rows = [...byStep].map(([step, some]) =>
    some.length > mostRows ? crowdRow(step, some, all) : some.map((one) => attemptRow(one, all)),
  );
  const legend = ['queue', ...jobPhases].map((phase) => html`<span class="key ${phase}">${phase}</span> `);
  return html`<h3>States</h3><div class="lanes">${stepRows}</div>
<h3>Jobs</h3><p>${legend}</p><div class="lanes">${rows}</div>`;
}

/** A bar of a lane, in percent of the whole time. */
function bar({ from, to }: Span, all: Span, name: string, title: string): Html {
  const whole = Math.max(1, all.to - all.from);
  const percent = (milliseconds: number) => Math.min(100, Math.max(0, (milliseconds / whole) * 100)).toFixed(3);
  return html`<i class="${name}" style="left:${percent(from - all.from)}%;width:${percent(to - from)}%" title="${title}"></i>`;
}

function lane(name: string, bars: readonly Html[]): Html {
  return html`<div class="lane"><b>${name}</b><div>${bars}</div></div>
`;
}

function stepRow({ name, status, startedAt, stoppedAt = undefined }: StepReport, all: Span, now: Date): Html {
  const span = { from: startedAt.getTime(), to: (stoppedAt ?? now).getTime() };
  const title = `${name}: ${status}, ${formatDuration(span.to - span.from)}`;
  return lane(name, [bar(span, all, status, title)]);
}

function attemptRow(one: MeasuredAttempt, all: Span): Html {
  const { step, index, attempt, startedAt, totalMs, phaseMs, queueMs = 0, exitCode } = one;
  const bars: Html[] = [];
  const add = (name: string, from: number, milliseconds: number) =>
    bars.push(bar({ from, to: from + milliseconds }, all, name, `${name}: ${formatDuration(milliseconds)}`));
  if (queueMs > 0) add('queue', startedAt - queueMs, queueMs);
  add('rest', startedAt, totalMs);
  let at = startedAt;
  for (const phase of jobPhases) {
    const milliseconds = phaseMs[phase] ?? 0;
    // The image comes while the inputs do, and is drawn over them.
    if (phase === 'image') continue;
    if (milliseconds > 0) add(phase, at, milliseconds);
    if (phase === 'inputs' && (phaseMs.image ?? 0) > 0) add('image', at, phaseMs.image ?? 0);
    at += milliseconds;
  }
  const branch = index === 'main' ? '' : ` ${index}`;
  const again = attempt === 1 ? '' : ` (attempt ${attempt})`;
  return lane(`${step}${branch}${again}${exitCode === 0 ? '' : ` ✗ ${exitCode}`}`, bars);
}

/** The number of attempts that ran at once, over time: a row however many there are. */
function crowdRow(step: string, attempts: readonly MeasuredAttempt[], all: Span): Html {
  const width = Math.max(1, all.to - all.from) / bins;
  const running = new Array<number>(bins + 1).fill(0);
  const bin = (time: number) => Math.min(bins - 1, Math.max(0, Math.floor((time - all.from) / width)));
  for (const { startedAt, totalMs } of attempts) {
    const [first, last] = [bin(startedAt), bin(startedAt + totalMs) + 1];
    running[first] = (running[first] ?? 0) + 1;
    running[last] = (running[last] ?? 0) - 1;
  }
  let count = 0;
  const counts = running.slice(0, bins).map((change) => (count += change));
  const most = Math.max(1, ...counts);
  const bars = counts.map((at, index) => {
    const style = `left:${((index / bins) * 100).toFixed(2)}%;width:${(100 / bins).toFixed(2)}%;height:${((at / most) * 100).toFixed(1)}%`;
    return at === 0 ? html`` : html`<i class="crowd" style="${style}" title="${at} at once"></i>`;
  });
  return lane(`${step} × ${attempts.length}, at most ${most} at once`, bars);
}
