import type { JobStatus, StepReport } from '@bclaw/ops';
import cliTruncate from 'cli-truncate';
import stringWidth from 'string-width';
import { formatDuration } from '../duration.js';
import { colouredStatus } from '../job-lines.js';
import type { Terminal } from '../terminal.js';
import { endedBranches, remainingMs } from './estimate.js';

/** The place for a frame, and the time that it shows. */
export interface FrameOptions {
  readonly columns: number;
  readonly rows: number;
  readonly now: Date;
  readonly style: Terminal['noteStyle'];
}

/** Columns of a bar; a terminal that has no room for the shortest shows none. */
const barColumns = { shortest: 5, longest: 40 } as const;

/** The part of a line that the name of a step may take before it is followed at once. */
const longestNamePart = 0.4;

/**
 * Jobs as lines that the next frame replaces: a headline for each that has not ended, and a line for each step that
 * runs.
 *
 * @param jobs in the order of their lines
 */
export function progressFrame(jobs: readonly JobStatus[], options: FrameOptions): readonly string[] {
  const blocks = jobs.filter(isRunning).map((job) => jobLines(job, options));
  const room = Math.max(1, options.rows - 1);
  const lines: string[] = [];
  for (const [index, block] of blocks.entries()) {
    const others = blocks.length - index;
    // The last line is for what has no room.
    const fits = lines.length + block.length <= (others === 1 ? room : room - 1);
    if (fits) lines.push(...block);
    else if (index === 0 && others === 1) return block.slice(0, room);
    else return [...lines, options.style.dim(`and ${others} more ${others === 1 ? 'job' : 'jobs'}`)];
  }
  return lines;
}

const isRunning = ({ status }: JobStatus) => status === 'RUNNING' || status === 'PENDING_REDRIVE';

function jobLines(job: JobStatus, options: FrameOptions): string[] {
  const { style, now } = options;
  const running = job.steps.filter(({ status }) => status === 'running');
  const done = job.steps.length - running.length;
  const parts = [
    colouredStatus('running', style),
    ago(job, now),
    ...(done === 0 ? [] : [`${done} ${done === 1 ? 'step' : 'steps'} done`]),
  ];
  const widest = Math.max(0, ...running.map(({ name }) => stringWidth(name)));
  const nameColumns = Math.min(widest, Math.floor(options.columns * longestNamePart));
  return [
    `${style.bold(job.name)}  ${parts.join('  ')}`,
    ...running.map((step) => stepLine(step, nameColumns, options)),
  ];
}

/** `  lanes.map  ━━━━━━━━━━────  67/103  2 failed  1 min 2 s  about 35 s left` */
function stepLine(step: StepReport, nameColumns: number, { columns, now, style }: FrameOptions): string {
  const { branches, retries } = step;
  const rest = remainingMs(step, now);
  const parts = [
    ...(branches === undefined ? [] : [`${endedBranches(step)}/${branches.total}`]),
    ...(branches === undefined || branches.failed === 0 ? [] : [style.red(`${branches.failed} failed`)]),
    ago(step, now),
    ...(retries === 0 ? [] : [style.yellow(`retry ${retries}`)]),
  ];
  const estimate = rest === undefined ? [] : [style.dim(`about ${roughDuration(rest)} left`)];
  // Between two blanks before the name, two behind it, and the last column, in which the cursor stands.
  const room = columns - 5;
  const whole = [...parts, ...estimate].join('  ');
  const text = stringWidth(whole) <= room - nameColumns ? whole : parts.join('  ');
  const name = cliTruncate(step.name, Math.max(nameColumns, room - stringWidth(text)));
  const padded = `  ${name}${' '.repeat(Math.max(0, nameColumns - stringWidth(name)))}`;
  const left = room - stringWidth(padded) + 2 - stringWidth(text) - 2;
  const bar = branches === undefined || left < barColumns.shortest ? '' : `${barText(step, left, style)}  `;
  return `${padded}  ${bar}${text}`;
}

function barText(step: StepReport, room: number, style: FrameOptions['style']): string {
  const { total = 0, failed = 0 } = step.branches ?? {};
  const columns = Math.min(room, barColumns.longest);
  // Full only when all have ended; something is filled as soon as one has.
  const part = (count: number) => (total === 0 ? 0 : Math.ceil((count / total) * columns));
  const ended = endedBranches(step);
  const filled = ended < total ? Math.min(columns - 1, part(ended)) : columns;
  const bad = Math.min(filled, part(failed));
  return `${style.green('━'.repeat(filled - bad))}${style.red('━'.repeat(bad))}${style.dim('─'.repeat(columns - filled))}`;
}

const ago = ({ startedAt }: { readonly startedAt: Date }, now: Date) =>
  formatDuration(Math.max(0, now.getTime() - startedAt.getTime()));

/** A duration without tenths of a second, which an estimate does not have. */
export const roughDuration = (milliseconds: number): string =>
  milliseconds < 59_500
    ? `${Math.max(1, Math.round(milliseconds / 1_000))} s`
    : formatDuration(Math.round(milliseconds / 1_000) * 1_000);
