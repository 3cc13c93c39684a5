import { readStatus } from '@bclaw/ops';
import { given } from '@bclaw/spec/given';
import { type ConnectionOptions, connect } from '../connection.js';
import { jobStatusText } from '../job-lines.js';
import type { Terminal } from '../terminal.js';

export interface StatusOptions extends ConnectionOptions {
  readonly workflow?: string;
  readonly json?: boolean;
}

/** `bclaw status` */
export async function status(execution: string, options: StatusOptions, terminal: Terminal): Promise<void> {
  const { clients } = await connect(options, terminal);
  const { workflow } = options;
  const found = await readStatus(clients, { execution, ...given({ workflow }) });
  if (options.json === true) terminal.json(found);
  else terminal.data(jobStatusText(found, terminal.dataStyle));
}
