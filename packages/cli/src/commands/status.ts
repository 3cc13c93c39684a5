import { type Clients, readStatus, waitForEnd } from '@bclaw/ops';
import { given } from '@bclaw/spec/given';
import { connect } from '../connection.js';
import type { statusCommand } from '../declarations/jobs.js';
import type { OptionsOf } from '../declarations/options.js';
import { Exit, exitCode } from '../failure.js';
import { whileWatching } from '../interruption.js';
import { jobStatusText } from '../job-lines.js';
import { showingProgress } from '../progress/job-progress.js';
import type { Terminal } from '../terminal.js';
import { goesOn } from './submit.js';

type StatusOptions = OptionsOf<typeof statusCommand>;

/** `bclaw status` */
export async function status(execution: string, options: StatusOptions, terminal: Terminal): Promise<void> {
  const { clients } = await connect(options, terminal);
  const { workflow } = options;
  if (options.watch === true) {
    await watchExecution(clients, { execution, ...given({ workflow }) }, options, terminal);
    return;
  }
  const found = await readStatus(clients, { execution, ...given({ workflow }) });
  if (options.json === true) terminal.json(found);
  else terminal.data(jobStatusText(found, terminal.dataStyle));
}

/**
 * Shows an execution until it ends.
 *
 * @throws Exit 1 when it fails
 */
export async function watchExecution(
  clients: Clients,
  { execution, workflow }: { readonly execution: string; readonly workflow?: string },
  { json }: { readonly json?: true | undefined },
  terminal: Terminal,
): Promise<void> {
  const ended = await whileWatching(terminal, goesOn([execution]), () =>
    showingProgress(terminal, (onProgress) => waitForEnd(clients, { execution, ...given({ workflow }), onProgress })),
  );
  if (json === true) terminal.json(ended);
  else terminal.data(jobStatusText(ended, terminal.dataStyle));
  if (ended.status !== 'SUCCEEDED') throw new Exit(exitCode.failed);
}
