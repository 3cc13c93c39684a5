import type { MeasuredAttempt } from '@bclaw/ops';

/** The columns of a trace, each with its value; an unknown value is empty. */
const columns: Readonly<Record<string, (attempt: MeasuredAttempt) => string | number | undefined>> = {
  step: ({ step }) => step,
  branch: ({ index }) => index,
  job_id: ({ jobId }) => jobId,
  attempt: ({ attempt }) => attempt,
  started_at: ({ startedAt }) => new Date(startedAt).toISOString(),
  queue_ms: ({ queueMs }) => queueMs,
  wait_ms: ({ phaseMs }) => phaseMs.wait,
  image_ms: ({ phaseMs }) => phaseMs.image,
  inputs_ms: ({ phaseMs }) => phaseMs.inputs,
  commands_ms: ({ phaseMs }) => phaseMs.commands,
  outputs_ms: ({ phaseMs }) => phaseMs.outputs,
  total_ms: ({ totalMs }) => totalMs,
  exit_code: ({ exitCode }) => exitCode,
  cpu_ms: ({ cpuMs }) => cpuMs,
  peak_bytes: ({ peakBytes }) => peakBytes,
  asked_cpus: ({ cpus }) => cpus,
  asked_memory_mib: ({ memoryMiB }) => memoryMiB,
  input_bytes: ({ inputBytes }) => inputBytes,
  output_bytes: ({ outputBytes }) => outputBytes,
  image_digest: ({ imageDigest }) => imageDigest,
};

/** Attempts as CSV with a header (RFC 4180). */
export function traceCsv(attempts: readonly MeasuredAttempt[]): string {
  const rows = attempts.map((attempt) => Object.values(columns).map((value) => cell(value(attempt))));
  return [Object.keys(columns), ...rows].map((row) => `${row.join(',')}\r\n`).join('');
}

function cell(value: string | number | undefined): string {
  const text = value === undefined ? '' : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
