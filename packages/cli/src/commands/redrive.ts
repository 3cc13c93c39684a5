import { redrive as redriveExecution } from '@bclaw/ops';
import { connect } from '../connection.js';
import type { redriveCommand } from '../declarations/jobs.js';
import type { OptionsOf } from '../declarations/options.js';
import type { Terminal } from '../terminal.js';

type RedriveCommandOptions = OptionsOf<typeof redriveCommand>;

/** `bclaw redrive` */
export async function redrive(execution: string, options: RedriveCommandOptions, terminal: Terminal): Promise<void> {
  const { clients } = await connect(options, terminal);
  const { workflow } = options;
  const redriven = await redriveExecution(clients, workflow === undefined ? { execution } : { execution, workflow });
  if (options.json === true) {
    terminal.json(redriven);
    return;
  }
  const on = redriven.version === undefined ? '' : ` on version ${redriven.version}`;
  terminal.data(`${redriven.name}: goes on${on}.`);
  terminal.note(`See \`bclaw status ${redriven.name}\`.`);
}
