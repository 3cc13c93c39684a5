import { listExecutions } from '@bclaw/ops';
import { given } from '@bclaw/spec/given';
import { connect } from '../connection.js';
import type { executionsCommand } from '../declarations/jobs.js';
import type { OptionsOf } from '../declarations/options.js';
import { formatDuration } from '../duration.js';
import { colouredStatus } from '../job-lines.js';
import { table } from '../table.js';
import type { Terminal } from '../terminal.js';

type ExecutionsOptions = OptionsOf<typeof executionsCommand>;

/** `bclaw executions` */
export async function executions(workflow: string, options: ExecutionsOptions, terminal: Terminal): Promise<void> {
  const { clients } = await connect(options, terminal);
  const { status, version, limit } = options;
  const found = await listExecutions(clients, {
    workflow,
    ...given({ status, version, limit }),
  });
  if (options.json === true) {
    terminal.json(found);
    return;
  }
  if (found.length === 0) {
    terminal.note(`${workflow}: no ${status === undefined && version === undefined ? '' : 'such '}executions.`);
    return;
  }
  const rows = found.map((execution) => [
    execution.name,
    String(execution.version ?? '-'),
    colouredStatus(execution.status, terminal.dataStyle),
    execution.startedAt.toISOString().slice(0, 19).replace('T', ' '),
    formatDuration((execution.stoppedAt ?? new Date()).getTime() - execution.startedAt.getTime()),
  ]);
  terminal.data(table(['EXECUTION', 'VERSION', 'STATUS', 'STARTED', 'TIME'], rows));
}
