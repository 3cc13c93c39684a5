import { listExecutions } from '@bclaw/ops';
import { given } from '@bclaw/spec/given';
import { connect } from '../connection.js';
import type { executionsCommand } from '../declarations/jobs.js';
import type { OptionsOf } from '../declarations/options.js';
import { formatDuration, formatTime } from '../duration.js';
import { colouredStatus } from '../job-lines.js';
import { newestOnly, olderVersions } from '../newest-versions.js';
import { table } from '../table.js';
import type { Terminal } from '../terminal.js';

type ExecutionsOptions = OptionsOf<typeof executionsCommand>;

/** `bclaw executions` */
export async function executions(
  workflow: string | undefined,
  options: ExecutionsOptions,
  terminal: Terminal,
): Promise<void> {
  const { clients } = await connect(options, terminal);
  const { status, version, limit } = options;
  let notRead = 0;
  const found = await listExecutions(clients, {
    ...given({ workflow, status, version, limit }),
    ...newestOnly(workflow, options),
    onNotRead: (versions) => {
      notRead = versions;
    },
  });
  if (notRead > 0)
    terminal.note(`The jobs of ${olderVersions(notRead)} not listed; --all lists those of every version.`);
  if (options.json === true) {
    terminal.json(found);
    return;
  }
  if (found.length === 0) {
    terminal.note(
      `${workflow ?? 'All workflows'}: no ${status === undefined && version === undefined ? '' : 'such '}executions.`,
    );
    return;
  }
  const ofAll = workflow === undefined;
  const rows = found.map((execution) => [
    execution.name,
    ...(ofAll ? [execution.workflow] : []),
    String(execution.version ?? '-'),
    colouredStatus(execution.status, terminal.dataStyle),
    formatTime(execution.startedAt),
    formatDuration((execution.stoppedAt ?? new Date()).getTime() - execution.startedAt.getTime()),
  ]);
  terminal.data(table(['EXECUTION', ...(ofAll ? ['WORKFLOW'] : []), 'VERSION', 'STATUS', 'STARTED', 'TIME'], rows));
}
