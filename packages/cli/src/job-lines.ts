import type { BranchCounts, Detour, Failure, JobStatus, StepReport } from '@bclaw/ops';
import { mainIndex } from '@bclaw/spec/contract';
import { formatDuration } from './duration.js';
import { table } from './table.js';
import type { Terminal } from './terminal.js';

type Style = Terminal['dataStyle'];

/** A status in its colour. */
export function colouredStatus(status: string, style: Style): string {
  if (/succeeded|skipped/i.test(status)) return style.green(status);
  if (/failed|timed_out|aborted/i.test(status)) return style.red(status);
  if (status === 'caught') return style.yellow(status);
  return style.cyan(status);
}

/** An execution as text: a headline, a line for each step, failed branches, and for a failed one the reason. */
export function jobStatusText(job: JobStatus, style: Style): string {
  const version = job.version === undefined ? '' : ` version ${job.version}`;
  const lines = [
    `${style.bold(job.name)}${job.branch === undefined ? '' : ` (branch ${job.branch})`}  ${colouredStatus(job.status, style)}  ${job.workflow}${version}  ${runTime(job)}`,
    '',
    stepsTable(job.steps, style),
    ...failedBranchesLines(job.steps),
    ...notesLines(job, style),
  ];
  if (job.failure !== undefined) lines.push('', ...failureLines(job, job.failure, style));
  return lines.join('\n');
}

function stepsTable(steps: readonly StepReport[], style: Style): string {
  const hasBranches = steps.some(({ branches }) => branches !== undefined);
  return table(
    ['STEP', 'STATUS', 'TIME', 'RETRIES', ...(hasBranches ? ['BRANCHES'] : [])],
    steps.map((step) => [
      step.name,
      colouredStatus(step.status, style),
      runTime(step),
      String(step.retries),
      ...(hasBranches ? [step.branches === undefined ? '' : branchesText(step.branches)] : []),
    ]),
  );
}

/** `12: 9 succeeded, 1 failed, 2 running` */
function branchesText({ total, ...states }: BranchCounts): string {
  const order = ['succeeded', 'failed', 'aborted', 'running', 'waiting'] as const;
  const counted = order.filter((state) => states[state] > 0).map((state) => `${states[state]} ${state}`);
  return counted.length === 0 ? String(total) : `${total}: ${counted.join(', ')}`;
}

/** The failed branches, tolerated or not, with their names for further commands. */
function failedBranchesLines(steps: readonly StepReport[]): string[] {
  return steps.flatMap(({ name, branches, failedBranches = [] }) => {
    if (failedBranches.length === 0) return [];
    const more = (branches?.failed ?? 0) - failedBranches.length;
    const rows = failedBranches.map(({ index, execution }) => [index, execution]);
    return [
      '',
      `Failed branches of ${name}:`,
      table(['BRANCH', 'EXECUTION'], rows),
      ...(more > 0 ? [`and ${more} more`] : []),
    ];
  });
}

/** Missing outputs and skipped branches of a job that succeeded; a table of the steps shows its skipped steps. */
function notesLines(
  { steps, inBranches = [], warnings: told = [], notesIncomplete }: JobStatus,
  style: Style,
): string[] {
  const missing = steps.flatMap(({ name, missingOutputs = [] }) =>
    missingOutputs.map((output) => `step ${style.bold(name)} did not write its output "${output}"`),
  );
  const warnings = [
    ...missing,
    ...inBranches.flatMap(({ step, kind, output, branches }) =>
      kind === 'missing-output'
        ? [`step ${style.bold(step)} did not write its output "${output}" in ${branchCount(branches)}`]
        : [],
    ),
    ...told.map(({ step, index, text }) => {
      const where = index === mainIndex ? '' : ` in branch ${index}`;
      return `step ${style.bold(step)}${where}: ${text}`;
    }),
    ...(notesIncomplete === 'denied'
      ? [
          'skipped steps, missing outputs and warnings are not known: S3 does not let you list the notes in the repository',
        ]
      : []),
    ...(notesIncomplete === 'many' ? ['there are more skipped steps, missing outputs or warnings than these'] : []),
  ];
  const lines = [
    ...inBranches.flatMap(({ step, kind, branches }) =>
      kind === 'skipped' ? [`step ${style.bold(step)} was skipped in ${branchCount(branches)}`] : [],
    ),
    ...warnings.map((text) => `${style.yellow('warning')} ${text}`),
  ];
  return lines.length === 0 ? [] : ['', ...lines];
}

/** The same with the skipped steps, for a text without a table of the steps. */
export function hiddenLines(job: JobStatus, style: Style): string[] {
  const skipped = job.steps.filter(({ status }) => status === 'skipped');
  return [...skipped.map(({ name }) => `step ${style.bold(name)} was skipped`), ...notesLines(job, style).slice(1)];
}

const branchCount = (branches: number) => (branches === 1 ? '1 branch' : `${branches} branches`);

/**
 * Path of a step in another execution: ` in branch 00042 of lanes.map, in the execution that report.subpipe started`.
 */
const placeText = (within: readonly Detour[]): string =>
  within
    .toReversed()
    .map(({ step, branch }) =>
      branch === undefined ? ` in the execution that ${step} started` : ` in branch ${branch} of ${step}`,
    )
    .join(',');

/** Prefix of a step's log lines: `align`, `align[00042]` in a branch, `report.subpipe/draw` in a subpipe. */
export function stepLabel(step: string, within: readonly Detour[]): string {
  let label = '';
  let branch = '';
  for (const detour of within) {
    if (detour.branch === undefined) label += `${detour.step}${branch}/`;
    branch = detour.branch === undefined ? '' : `[${detour.branch}]`;
  }
  return `${label}${step}${branch}`;
}

/** The reason why an execution failed or was stopped, and the last lines of its job's log. */
export function failureLines(
  { status }: Pick<JobStatus, 'status'>,
  { within, step, reason, exitCode, lastLines }: Failure,
  style: Style,
): string[] {
  const stopped = status === 'ABORTED';
  const where = step === undefined ? '' : `step ${style.bold(step)}${placeText(within)}: `;
  const code = stopped || exitCode === undefined || reason.includes('exit code') ? '' : ` (exit code ${exitCode})`;
  const lines = [`${style.red(stopped ? 'stopped' : 'failed')} ${where}${reason}${code}`];
  if (lastLines.length > 0) lines.push('', 'The last lines of its log:');
  for (const { source, text } of lastLines) lines.push(source === 'commands' ? `  ${text}` : `  ${style.dim(text)}`);
  return lines;
}

/** Duration so far or in total. */
function runTime({ startedAt, stoppedAt }: { readonly startedAt: Date; readonly stoppedAt?: Date }): string {
  return formatDuration((stoppedAt ?? new Date()).getTime() - startedAt.getTime());
}
