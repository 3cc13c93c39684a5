import type { JobStatus, StepReport } from '@bclaw/ops';
import { formatDuration } from '../duration.js';
import { colouredStatus } from '../job-lines.js';
import type { Terminal } from '../terminal.js';
import { endedBranches, remainingMs } from './estimate.js';
import { roughDuration } from './frame.js';

type Style = Terminal['noteStyle'];

export interface ChangeOptions {
  readonly style: Style;
  /** `failures` beside a frame that shows the rest; `all` where there is none. */
  readonly which: 'failures' | 'all';
}

/**
 * The changes of a job between two looks at it, a line each: steps that began or ended, attempts and branches that
 * failed.
 *
 * @param before absent at the first look
 */
export function changeLines(before: JobStatus | undefined, now: JobStatus, { style, which }: ChangeOptions): string[] {
  const all = which === 'all';
  return now.steps.flatMap((step, position) => {
    const earlier = before?.steps[position];
    const line = (text: string) => `${now.name}  ${style.bold(step.name)}: ${text}`;
    const lines = newlyFailedBranches(earlier, step).map(({ index, execution }) =>
      line(`${style.red(`branch ${index} failed`)}  ${style.dim(execution)}`),
    );
    if (step.retries > (earlier?.retries ?? 0)) lines.push(line(style.yellow(`retry ${step.retries}`)));
    if (step.status === earlier?.status) return lines;
    const status = colouredStatus(step.status, style);
    // A step that began and ended between two looks has one line.
    if (step.status === 'running') return all ? [...lines, line(status)] : lines;
    if (all || isFailure(step)) lines.push(line(`${status} after ${timeOf(step)}`));
    return lines;
  });
}

const isFailure = ({ status }: StepReport) => status === 'failed' || status === 'caught';

function newlyFailedBranches(before: StepReport | undefined, { failedBranches = [] }: StepReport) {
  const known = new Set(before?.failedBranches?.map(({ execution }) => execution));
  return failedBranches.filter(({ execution }) => !known.has(execution));
}

const timeOf = ({ startedAt, stoppedAt = startedAt }: StepReport) =>
  formatDuration(stoppedAt.getTime() - startedAt.getTime());

/** A sign that a job still runs, in one line: its running steps and how far their scatters are. */
export function aliveLine({ name, steps, startedAt }: JobStatus, now: Date): string {
  const running = steps.filter(({ status }) => status === 'running').map((step) => runningText(step, now));
  const since = formatDuration(now.getTime() - startedAt.getTime());
  return `${name}  still running after ${since}${running.length === 0 ? '' : `: ${running.join(', ')}`}`;
}

function runningText(step: StepReport, now: Date): string {
  const { name, branches } = step;
  if (branches === undefined) return name;
  const rest = remainingMs(step, now);
  const failed = branches.failed === 0 ? '' : `, ${branches.failed} failed`;
  const left = rest === undefined ? '' : `, about ${roughDuration(rest)} left`;
  return `${name} ${endedBranches(step)}/${branches.total}${failed}${left}`;
}
