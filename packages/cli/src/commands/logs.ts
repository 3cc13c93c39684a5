import { readLogs } from '@bclaw/ops';
import { given } from '@bclaw/spec/given';
import { connect } from '../connection.js';
import type { logsCommand } from '../declarations/jobs.js';
import type { OptionsOf } from '../declarations/options.js';
import { formatTime } from '../duration.js';
import { stepLabel } from '../job-lines.js';
import type { Terminal } from '../terminal.js';

type LogsOptions = OptionsOf<typeof logsCommand>;

/** `bclaw logs`: one line each; with `--json` one object per line, also with `--follow`. */
export async function logs(execution: string, options: LogsOptions, terminal: Terminal): Promise<void> {
  const { clients } = await connect(options, terminal);
  const { workflow, step, follow, branch, failed, since, tail } = options;
  const lines = readLogs(clients, {
    execution,
    follow: follow ?? false,
    ...given({ workflow, step, branch, failed, since, tail }),
  });
  const { cyan, dim } = terminal.dataStyle;
  let empty = true;
  for await (const line of lines) {
    empty = false;
    if (options.json === true) terminal.data(JSON.stringify(line));
    else {
      const time = options.timestamps === true ? `${dim(line.time.toISOString())}  ` : '';
      const text = line.source === 'commands' ? line.text : dim(line.text);
      terminal.data(`${time}${cyan(stepLabel(line.step, line.within))}  ${text}`);
    }
  }
  if (!empty) return;
  const what = step === undefined ? 'No step' : `No step "${step}"`;
  const which = failed === true ? ' that failed' : '';
  const when = since === undefined ? '' : ` since ${formatTime(since)}`;
  terminal.note(
    `${what} of this job${which} has written anything${when}; \`bclaw status ${execution}\` shows its steps.`,
  );
}
