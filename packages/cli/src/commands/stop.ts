import { requireRunning, stop as stopExecution } from '@bclaw/ops';
import { given } from '@bclaw/spec/given';
import { confirm } from '../confirm.js';
import { connect } from '../connection.js';
import type { stopCommand } from '../declarations/jobs.js';
import type { OptionsOf } from '../declarations/options.js';
import type { Terminal } from '../terminal.js';

type StopCommandOptions = OptionsOf<typeof stopCommand>;

/** `bclaw stop`: asks for confirmation, stops, and waits until nothing runs any more. */
export async function stop(execution: string, options: StopCommandOptions, terminal: Terminal): Promise<void> {
  const { clients } = await connect(options, terminal);
  const { workflow, cause } = options;
  const found = await requireRunning(clients, { execution, ...given({ workflow }) });
  const of = found.version === undefined ? found.workflow : `${found.workflow} version ${found.version}`;
  const which = found.branch === undefined ? '' : `branch ${found.branch} of a job, `;
  if (!(await confirm(`Stop ${which}${found.name} (${of})?`, options, terminal))) {
    terminal.note('Nothing was stopped.');
    return;
  }
  terminal.progress(`stopping ${found.name}`);
  const stopped = await stopExecution(clients, { execution: found.arn, ...given({ cause }) });
  terminal.endProgress();
  if (options.json === true) {
    terminal.json(stopped);
    return;
  }
  const jobs = stopped.stoppedJobs === 1 ? '1 job' : `${stopped.stoppedJobs} jobs`;
  terminal.data(`${found.name}: stopped, with ${stopped.stoppedJobs === 0 ? 'no job running' : jobs}.`);
  if (found.branch === undefined) terminal.note(`\`bclaw redrive ${found.name}\` lets it go on where it was.`);
}
