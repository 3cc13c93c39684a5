import { type RedriveResult, redrive as redriveExecution } from '@bclaw/ops';
import { connect } from '../connection.js';
import type { redriveCommand } from '../declarations/jobs.js';
import type { OptionsOf } from '../declarations/options.js';
import type { Terminal } from '../terminal.js';
import { watchExecution } from './status.js';

type RedriveCommandOptions = OptionsOf<typeof redriveCommand>;

/** `bclaw redrive` */
export async function redrive(execution: string, options: RedriveCommandOptions, terminal: Terminal): Promise<void> {
  const { clients } = await connect(options, terminal);
  const { workflow } = options;
  const redriven = await redriveExecution(clients, workflow === undefined ? { execution } : { execution, workflow });
  if (options.watch === true) {
    terminal.note(goesOnSentence(redriven));
    await watchExecution(clients, { execution: redriven.arn }, options, terminal);
    return;
  }
  if (options.json === true) {
    terminal.json(redriven);
    return;
  }
  terminal.data(goesOnSentence(redriven));
  terminal.note(`See \`bclaw status ${redriven.name}\`.`);
}

const goesOnSentence = ({ name, version }: RedriveResult): string =>
  `${name}: goes on${version === undefined ? '' : ` on version ${version}`}.`;
