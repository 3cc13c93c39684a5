import { type Execution, jobOf, versionOf } from './evidence.js';
import type { Action, LiveHistory } from './live-history.js';
import type { Upload } from './uploads.js';

/** The figures of a run, for docs/explanation/blue-green.md. */
export function figures(
  uploads: readonly Upload[],
  executions: readonly Execution[],
  actions: readonly Action[],
  history: LiveHistory,
): Record<string, unknown> {
  const started = new Map(executions.map((execution) => [jobOf(execution), execution.started]));
  const latencies = uploads
    .map(({ job, from }) => (started.get(job.id) ?? Number.POSITIVE_INFINITY) - from)
    .sort((a, b) => a - b);
  const at = (share: number) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))];
  const perVersion: Record<string, number> = {};
  for (const execution of executions) {
    const version = `version ${versionOf(execution)}`;
    perVersion[version] = (perVersion[version] ?? 0) + 1;
  }
  const sure = uploads.filter(({ job, from }) => history.within(from, started.get(job.id) ?? from).size === 1);
  const begun = Math.min(...uploads.map(({ from }) => from));
  return {
    'job files': uploads.length,
    'sent within (s)': Math.round((Math.max(...uploads.map(({ to }) => to)) - begun) / 100) / 10,
    'from upload to start, p50 / p99 / max (ms)': [at(0.5), at(0.99), at(1)]
      .map((value) => Math.round(value ?? 0))
      .join(' / '),
    'executions by version': perVersion,
    'jobs that only one version can have been live for': sure.length,
    'what happened (s after the first job file)': actions.map(
      ({ kind, live, pruned, from, to }) =>
        `${((from - begun) / 1000).toFixed(1)}–${((to - begun) / 1000).toFixed(1)} ${kind} ${kind === 'prune' ? `of ${pruned.join(', ')}` : `→ ${live}`}`,
    ),
  };
}
