import { listWorkflows, type WorkflowSummary } from '@bclaw/ops';
import { given } from '@bclaw/spec/given';
import { connect } from '../connection.js';
import type { OptionsOf } from '../declarations/options.js';
import type { workflowsCommand } from '../declarations/versions.js';
import { formatTime } from '../duration.js';
import { newestOnly, olderVersions } from '../newest-versions.js';
import { table } from '../table.js';
import type { Terminal } from '../terminal.js';

type WorkflowsOptions = OptionsOf<typeof workflowsCommand>;

/** `bclaw workflows` */
export async function workflows(options: WorkflowsOptions, terminal: Terminal): Promise<void> {
  const { clients } = await connect(options, terminal);
  const found = await listWorkflows(clients, {
    ...given({ failedWithinMs: options.failedWithin }),
    ...newestOnly(undefined, options),
  });
  if (options.json === true) terminal.json(found);
  else if (found.length === 0) terminal.note('There are no workflows here. Deploy one: `bclaw deploy <template>`.');
  else terminal.data(workflowsTable(found, terminal.dataStyle));
  const notRead = found.reduce((sum, workflow) => sum + workflow.notRead, 0);
  if (notRead > 0)
    terminal.note(`The jobs of ${olderVersions(notRead)} not counted; --all counts those of every version.`);
}

function workflowsTable(found: readonly WorkflowSummary[], style: Terminal['dataStyle']): string {
  return table(
    ['WORKFLOW', 'LIVE', 'DEPLOYED', 'RUNNING', 'FAILED'],
    found.map((workflow) => [
      workflow.workflow,
      liveText(workflow),
      workflow.deployedAt === undefined ? '-' : formatTime(workflow.deployedAt),
      String(workflow.running),
      workflow.failed === 0 ? '0' : style.red(String(workflow.failed)),
    ]),
  );
}

/** `3`, `3 90 %, 2 10 %`, or `-` for an unversioned workflow. */
function liveText({ live, versioned }: WorkflowSummary): string {
  if (live === undefined) return versioned ? 'none' : '-';
  if (live.other === undefined) return String(live.version);
  const share = ({ version, weight }: { readonly version: number; readonly weight: number }) =>
    `${version} ${Math.round(weight * 100)} %`;
  return `${share(live)}, ${share(live.other)}`;
}
