import type { ExecutionReport, StepUsage } from '@bclaw/ops';
import { formatDuration, formatTime } from '../duration.js';
import { type Html, html } from './markup.js';
import { pageStyle } from './page-style.js';
import { timeline } from './timeline.js';

/** Prices for an hour, in any currency. */
export interface Prices {
  readonly cpuPrice?: number;
  readonly memoryPrice?: number;
}

/** A report as one page without scripts and without network access, whatever is in the job's data. */
export function reportPage(report: ExecutionReport, prices: Prices, now: Date = new Date()): string {
  const { status, jobData, usage } = report;
  const version = status.version === undefined ? '' : `, version ${status.version}`;
  const until = status.stoppedAt ?? now;
  const facts: readonly (readonly [string, string])[] = [
    ['workflow', `${status.workflow}${version}`],
    ['status', status.status],
    ['began', `${formatTime(status.startedAt)} UTC`],
    ['took', formatDuration(until.getTime() - status.startedAt.getTime())],
    ['execution', status.arn],
  ];
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${status.name}</title>
${pageStyle}
</head>
<body>
<h1>${status.name} <span class="${status.status.toLowerCase()} status">${status.status}</span></h1>
<dl>${facts.map(([name, text]) => html`<dt>${name}</dt><dd>${text}</dd>`)}</dl>
${failure(report)}
<h2>Timeline</h2>
${timeline(report, now)}
<h2>Steps</h2>
${stepsTable(usage, prices)}
<h2>States</h2>
<table><thead><tr><th>State</th><th>Status</th><th>Time</th><th>Retries</th><th>Branches</th></tr></thead><tbody>
${status.steps.map(
  (step) =>
    html`<tr><td>${step.name}</td><td class="${step.status}">${step.status}</td><td>${formatDuration((step.stoppedAt ?? now).getTime() - step.startedAt.getTime())}</td><td>${step.retries}</td><td>${step.branches === undefined ? '' : `${step.branches.total}, ${step.branches.failed} failed`}</td></tr>
`,
)}</tbody></table>
<h2>Images</h2>
<dl>${usage.map(({ step, imageDigests }) => html`<dt>${step}</dt><dd>${imageDigests.length === 0 ? 'no digest known' : imageDigests.join(', ')}</dd>`)}</dl>
<h2>Job data</h2>
<pre>${jobData === undefined ? 'cannot be read' : indented(jobData)}</pre>
</body>
</html>
`;
  return page.text;
}

function failure({ status }: ExecutionReport): Html {
  if (status.failure === undefined) return html``;
  const { step, within, reason, exitCode, lastLines } = status.failure;
  const path = [
    ...within.map((detour) => `${detour.step}${detour.branch === undefined ? '' : ` ${detour.branch}`}`),
    step ?? '',
  ];
  return html`<h2>Failure</h2>
<p class="failed">${path.filter((part) => part !== '').join(' → ')}: ${reason}${exitCode === undefined || reason.includes('exit code') ? '' : ` (exit code ${exitCode})`}</p>
<pre>${lastLines.map(({ text }) => `${text}\n`)}</pre>`;
}

function stepsTable(usage: readonly StepUsage[], { cpuPrice, memoryPrice }: Prices): Html {
  const priced = cpuPrice !== undefined || memoryPrice !== undefined;
  const costOf = (step: StepUsage) => step.cpuHours * (cpuPrice ?? 0) + step.gibHours * (memoryPrice ?? 0);
  const rows = usage.map(
    (
      step,
    ) => html`<tr><td>${step.step}</td><td>${step.attempts}</td><td class="${step.failedAttempts > 0 ? 'failed' : ''}">${step.failedAttempts}</td><td>${step.retries}</td><td>${formatDuration(step.medianMs)}</td><td>${formatDuration(step.longestMs)}</td><td>${formatDuration(step.cpuMs)}</td><td>${memoryText(step)}</td><td>${bytesText(step.inputBytes)}</td><td>${bytesText(step.outputBytes)}</td><td>${step.cpuHours.toFixed(4)}</td><td>${step.gibHours.toFixed(4)}</td>${priced ? html`<td>${costOf(step).toFixed(4)}</td>` : html``}</tr>
`,
  );
  const total = usage.reduce((sum, step) => sum + costOf(step), 0);
  return html`<table><thead><tr><th>Step</th><th>Attempts</th><th>Failed</th><th>Retries</th><th>Median</th><th>Longest</th><th>Processor time</th><th>Peak memory of asked</th><th>In</th><th>Out</th><th>vCPU-hours</th><th>GiB-hours</th>${priced ? html`<th>Cost</th>` : html``}</tr></thead>
<tbody>${rows}</tbody></table>
${priced ? html`<p>Cost together: ${total.toFixed(4)}</p>` : html`<p>With --cpu-price and --memory-price there is a cost, too.</p>`}`;
}

function memoryText({ peakBytes, memoryMiB }: StepUsage): string {
  const asked = memoryMiB === undefined ? '' : ` of ${bytesText(memoryMiB * 2 ** 20)}`;
  return peakBytes === undefined ? `unknown${asked}` : `${bytesText(peakBytes)}${asked}`;
}

/** `0 B`, `1.5 KiB`, `300.0 MiB`. */
function bytesText(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  return `${(bytes / 2 ** (10 * power)).toFixed(power === 0 ? 0 : 1)} ${units[power]}`;
}

function indented(json: string): string {
  try {
    const value: unknown = JSON.parse(json);
    const job: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, 'job') : undefined;
    return JSON.stringify(job ?? value, undefined, 2);
  } catch {
    return json;
  }
}
