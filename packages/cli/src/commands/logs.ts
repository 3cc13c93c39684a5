import { readLogs } from '@bclaw/ops';
import { given } from '@bclaw/spec/given';
import { connect } from '../connection.js';
import type { logsCommand } from '../declarations/jobs.js';
import type { OptionsOf } from '../declarations/options.js';
import { stepLabel } from '../job-lines.js';
import type { Terminal } from '../terminal.js';

type LogsOptions = OptionsOf<typeof logsCommand>;

/** `bclaw logs`: one line each; with `--json` one object per line, also with `--follow`. */
export async function logs(execution: string, options: LogsOptions, terminal: Terminal): Promise<void> {
  const { clients } = await connect(options, terminal);
  const { workflow, step, follow } = options;
  const lines = readLogs(clients, {
    execution,
    follow: follow ?? false,
    ...given({ workflow, step }),
  });
  const { cyan, dim } = terminal.dataStyle;
  let empty = true;
  for await (const line of lines) {
    empty = false;
    if (options.json === true) terminal.data(JSON.stringify(line));
    else
      terminal.data(
        `${cyan(stepLabel(line.step, line.within))}  ${line.source === 'commands' ? line.text : dim(line.text)}`,
      );
  }
  if (!empty) return;
  const what = step === undefined ? 'No step' : `No step "${step}"`;
  terminal.note(`${what} of this job has written anything; \`bclaw status ${execution}\` shows its steps.`);
}
