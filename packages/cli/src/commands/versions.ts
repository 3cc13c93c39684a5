import { listVersions, type Version, type VersionTable } from '@bclaw/ops';
import { connect } from '../connection.js';
import type { OptionsOf } from '../declarations/options.js';
import type { versionsCommand } from '../declarations/versions.js';
import { formatTime } from '../duration.js';
import { newestOnly, olderVersions } from '../newest-versions.js';
import { table } from '../table.js';
import type { Terminal } from '../terminal.js';

type VersionsOptions = OptionsOf<typeof versionsCommand>;

/** `bclaw versions` */
export async function versions(workflow: string, options: VersionsOptions, terminal: Terminal): Promise<void> {
  const { clients } = await connect(options, terminal);
  const found = await listVersions(clients, { workflow, ...newestOnly(workflow, options) });
  if (options.json === true) terminal.json(found);
  else terminal.data(versionsTable(found, terminal.dataStyle));
  if (found.notRead > 0) terminal.note(`${olderVersions(found.notRead)} not shown; --all shows every version.`);
}

/** The table of versions, newest first, with the live ones in colour. */
export function versionsTable({ versions: rows }: VersionTable, style: Terminal['dataStyle']): string {
  return table(
    ['VERSION', 'LIVE', 'DEPLOYED', 'DEFINITION', 'STATE MACHINE', 'JOB DEFINITIONS', 'RUNNING', 'IMAGES'],
    rows.map((row) => [
      row.live ? style.green(String(row.version)) : String(row.version),
      row.live ? style.green(row.weight === 1 ? 'live' : `${Math.round(row.weight * 100)} %`) : '-',
      formatTime(row.deployedAt),
      row.digest?.slice(0, 8) ?? '-',
      row.stateMachine.status === 'active' ? 'active' : style.red(row.stateMachine.status),
      jobDefinitions(row, style),
      String(row.runningExecutions),
      images(row, style),
    ]),
  );
}

function jobDefinitions({ jobDefinitions: { active, missing } }: Version, style: Terminal['dataStyle']): string {
  const all = `${active.length} active`;
  return missing.length === 0 ? all : style.red(`${all}, ${missing.length} missing`);
}

function images({ images: all }: Version, style: Terminal['dataStyle']): string {
  const mutable = all.filter(({ pinned }) => !pinned).length;
  if (mutable > 0) return style.yellow(`${mutable} of ${all.length} mutable`);
  // Only a digest names an image for good: a registry can give any tag to another one.
  const digests = all.filter(({ image }) => image.includes('@')).length;
  if (all.length === 0) return '-';
  return digests === all.length ? 'pinned' : `${digests} of ${all.length} pinned`;
}
