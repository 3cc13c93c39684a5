import { type HistoryEntry, readHistory } from '@bclaw/ops';
import { connect } from '../connection.js';
import type { OptionsOf } from '../declarations/options.js';
import type { historyCommand } from '../declarations/versions.js';
import { formatTime } from '../duration.js';
import { table } from '../table.js';
import type { Terminal } from '../terminal.js';

type HistoryOptions = OptionsOf<typeof historyCommand>;

/** `bclaw history` */
export async function history(workflow: string, options: HistoryOptions, terminal: Terminal): Promise<void> {
  const { clients } = await connect(options, terminal);
  const found = await readHistory(clients, { workflow });
  if (options.json === true) {
    terminal.json(found);
    return;
  }
  if (found.entries.length > 0) terminal.data(table(['WHEN', 'WHAT', 'BY'], found.entries.map(row)));
  for (const sentence of found.unknown) terminal.note(terminal.noteStyle.dim(sentence));
}

function row(entry: HistoryEntry): string[] {
  switch (entry.kind) {
    case 'deployment': {
      const version = entry.version === undefined ? '' : ` of version ${entry.version}`;
      const reason = entry.reason === undefined ? '' : ` (${entry.reason})`;
      const live = entry.liveAt === undefined ? '' : `, live at ${formatTime(entry.liveAt)}`;
      return [formatTime(entry.at), `deployment${version} ${entry.outcome}${live}${reason}`, '-'];
    }
    case 'published':
      return [formatTime(entry.at), `version ${entry.version} deployed`, '-'];
    case 'move':
      return [formatTime(entry.at), `live moved from version ${entry.from} to ${entry.to}`, entry.by ?? '-'];
    case 'moved-otherwise':
      return ['-', `live moved to version ${entry.version}, not by bclaw`, '-'];
    default:
      return entry satisfies never;
  }
}
