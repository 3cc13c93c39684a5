import { type PruneResult, prune as pruneVersions } from '@bclaw/ops';
import { confirm } from '../confirm.js';
import { type ConnectionOptions, connect, installationOf } from '../connection.js';
import type { Terminal } from '../terminal.js';

export interface PruneCommandOptions extends ConnectionOptions {
  readonly keep?: number;
  /** Milliseconds. */
  readonly olderThan?: number;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** `bclaw prune`: shows what it will delete, asks, deletes. */
export async function prune(workflow: string, options: PruneCommandOptions, terminal: Terminal): Promise<void> {
  const { clients } = await connect(options, terminal);
  const what = {
    workflow,
    ...installationOf(options),
    ...(options.keep === undefined ? {} : { keep: options.keep }),
    ...(options.olderThan === undefined ? {} : { olderThanMs: options.olderThan }),
  };
  const plan = await pruneVersions(clients, { ...what, dryRun: true });
  if (options.dryRun === true || plan.pruned.length === 0) {
    tell(plan, options, terminal);
    return;
  }
  const versions = plan.pruned.map(({ version }) => version).join(', ');
  for (const line of pruneLines(plan)) terminal.note(line);
  const question = `Delete ${plan.pruned.length === 1 ? 'version' : 'versions'} ${versions} of ${workflow} for good?`;
  if (!(await confirm(question, options, terminal))) {
    terminal.note('Nothing was deleted.');
    return;
  }
  const done = await pruneVersions(clients, {
    ...what,
    onDelete: (version) => terminal.progress(`deleting version ${version}`),
  });
  terminal.endProgress();
  tell(done, options, terminal);
}

function tell(result: PruneResult, { json }: PruneCommandOptions, terminal: Terminal): void {
  if (json === true) terminal.json(result);
  else for (const line of pruneLines(result)) terminal.data(line);
}

/** One line for each version: what goes, what stays and why. */
export function pruneLines({ pruned, kept, dryRun }: PruneResult): string[] {
  const lines = [
    ...pruned.map(({ version, stateMachine, jobDefinitions, launcherVersion }) => {
      const parts = [
        ...(stateMachine ? ['state machine'] : []),
        ...(jobDefinitions > 0 ? [`${jobDefinitions} job definition${jobDefinitions === 1 ? '' : 's'}`] : []),
        ...(launcherVersion ? ['launcher version'] : []),
      ];
      return { version, text: `version ${version}: ${dryRun ? 'would go' : 'deleted'} (${parts.join(', ')})` };
    }),
    ...kept.map(({ version, detail }) => ({ version, text: `version ${version}: stays, ${detail}` })),
  ];
  return lines.sort((a, b) => b.version - a.version).map(({ text }) => text);
}
