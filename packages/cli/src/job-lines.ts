import type { Failure, JobStatus, StepRun } from '@bclaw/ops';
import { formatDuration } from './duration.js';
import { table } from './table.js';
import type { Terminal } from './terminal.js';

type Style = Terminal['dataStyle'];

/** A status in its colour. */
export function colouredStatus(status: string, style: Style): string {
  if (/succeeded/i.test(status)) return style.green(status);
  if (/failed|timed_out|aborted/i.test(status)) return style.red(status);
  if (status === 'caught') return style.yellow(status);
  return style.cyan(status);
}

/** An execution for a person: a headline, a line for each step, and for a failed one why. */
export function jobStatusText(job: JobStatus, style: Style): string {
  const version = job.version === undefined ? '' : ` version ${job.version}`;
  const lines = [
    `${style.bold(job.name)}  ${colouredStatus(job.status, style)}  ${job.workflow}${version}  ${runTime(job)}`,
    '',
    stepsTable(job.steps, style),
  ];
  if (job.failure !== undefined) lines.push('', ...failureLines(job, job.failure, style));
  return lines.join('\n');
}

function stepsTable(steps: readonly StepRun[], style: Style): string {
  return table(
    ['STEP', 'STATUS', 'TIME', 'RETRIES'],
    steps.map((step) => [step.name, colouredStatus(step.status, style), runTime(step), String(step.retries)]),
  );
}

/** Why an execution failed or was stopped, and what its job wrote last. */
export function failureLines(
  { status }: Pick<JobStatus, 'status'>,
  { step, reason, exitCode, lastLines }: Failure,
  style: Style,
): string[] {
  const stopped = status === 'ABORTED';
  const where = step === undefined ? '' : `step ${style.bold(step)}: `;
  const code = stopped || exitCode === undefined || reason.includes('exit code') ? '' : ` (exit code ${exitCode})`;
  const lines = [`${style.red(stopped ? 'stopped' : 'failed')} ${where}${reason}${code}`];
  if (lastLines.length > 0) lines.push('', 'The last lines of its log:');
  for (const { source, text } of lastLines) lines.push(source === 'commands' ? `  ${text}` : `  ${style.dim(text)}`);
  return lines;
}

/** How long something took, or has taken so far. */
function runTime({ startedAt, stoppedAt }: { readonly startedAt: Date; readonly stoppedAt?: Date }): string {
  return formatDuration((stoppedAt ?? new Date()).getTime() - startedAt.getTime());
}

/** The steps of a running job in one line: `windows ✓ 0.3 s · composition … 2.1 s`. */
export function progressLine({ name, steps }: JobStatus): string {
  const marks = { succeeded: '✓', caught: '✓', failed: '✗', aborted: '✗', running: '…' } as const;
  return `${name}: ${steps.map((step) => `${step.name} ${marks[step.status]} ${runTime(step)}`).join(' · ')}`;
}
