import { type Leftovers, type PruneResult, prune as pruneVersions } from '@bclaw/ops';
import { given } from '@bclaw/spec/given';
import { confirm } from '../confirm.js';
import { connect, installationOf } from '../connection.js';
import type { OptionsOf } from '../declarations/options.js';
import type { pruneCommand } from '../declarations/versions.js';
import type { Terminal } from '../terminal.js';

type PruneCommandOptions = OptionsOf<typeof pruneCommand>;

/** `bclaw prune`: lists what it will delete, asks for confirmation, deletes. */
export async function prune(workflow: string, options: PruneCommandOptions, terminal: Terminal): Promise<void> {
  const { clients } = await connect(options, terminal);
  const what = {
    workflow,
    ...installationOf(options),
    ...given({ keep: options.keep, olderThanMs: options.olderThan, all: options.all }),
  };
  const plan = await pruneVersions(clients, { ...what, dryRun: true });
  const doomed = doomedParts(plan);
  if (options.dryRun === true || doomed.length === 0) {
    tell(plan, options, terminal);
    return;
  }
  for (const line of pruneLines(plan)) terminal.note(line);
  const question = `Delete ${doomed.join(' and ')} of ${workflow} for good?`;
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

/** The resources to delete, as text. */
function doomedParts({ pruned, leftovers }: PruneResult): string[] {
  const versions = pruned.map(({ version }) => version).join(', ');
  return [
    ...(pruned.length === 0 ? [] : [`${pruned.length === 1 ? 'version' : 'versions'} ${versions}`]),
    ...(leftovers === undefined || leftovers.kept !== undefined ? [] : [leftoversText(leftovers)]),
  ];
}

const leftoversText = ({ jobDefinitions }: Leftovers): string =>
  `${jobDefinitions} job definition${jobDefinitions === 1 ? '' : 's'} of earlier deployments`;

/** One line for each version and one for resources without a version: what is deleted, what stays and why. */
export function pruneLines({ pruned, kept, leftovers, dryRun }: PruneResult): string[] {
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
  const sorted = lines.sort((a, b) => b.version - a.version).map(({ text }) => text);
  if (leftovers === undefined) return sorted;
  const fate = leftovers.kept === undefined ? (dryRun ? 'would go' : 'deleted') : `stay, ${leftovers.kept.detail}`;
  return [...sorted, `${leftoversText(leftovers)}: ${fate}`];
}
