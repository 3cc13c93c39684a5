import { readStatus } from '@bclaw/ops';
import { given } from '@bclaw/spec/given';
import { connect } from '../connection.js';
import type { statusCommand } from '../declarations/jobs.js';
import type { OptionsOf } from '../declarations/options.js';
import { jobStatusText } from '../job-lines.js';
import type { Terminal } from '../terminal.js';

type StatusOptions = OptionsOf<typeof statusCommand>;

/** `bclaw status` */
export async function status(execution: string, options: StatusOptions, terminal: Terminal): Promise<void> {
  const { clients } = await connect(options, terminal);
  const { workflow } = options;
  const found = await readStatus(clients, { execution, ...given({ workflow }) });
  if (options.json === true) terminal.json(found);
  else terminal.data(jobStatusText(found, terminal.dataStyle));
}
