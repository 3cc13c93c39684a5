import { given } from '@bclaw/spec/given';
import type { Clients } from '../aws/clients.js';
import { listJobDefinitions } from '../aws/job-definition.js';
import { listStateMachines, listWorkflowMachines, readStateMachine, type StateMachine } from '../aws/state-machine.js';
import { findLauncher, type Launcher, type LauncherVersion, listLauncherVersions } from './launcher-function.js';

/** Everything that AWS still has of one version of a workflow. */
export interface VersionResources {
  readonly version: number;
  /** Absent when the launcher version is deleted: such a version can never be live again. */
  readonly launcherVersion?: LauncherVersion;
  readonly stateMachine?: StateMachine;
  /** ARNs of its active job definitions. */
  readonly jobDefinitions: readonly string[];
}

export interface WorkflowResources {
  readonly workflow: string;
  /** Absent when the workflow's stack is deleted: the remaining resources are orphans. */
  readonly launcher?: Launcher;
  /** Oldest first. */
  readonly versions: readonly VersionResources[];
  /** ARNs of its active job definitions that belong to no version. */
  readonly withoutVersion: readonly string[];
  /** All state machines of the account and region: some may call this workflow's versions. */
  readonly stateMachines: readonly { readonly name: string; readonly arn: string }[];
}

/**
 * Finds the resources of a workflow, version by version, from launcher versions, state machines and job definitions. So
 * it also finds leftovers of an interrupted clean-up or a deleted stack.
 */
export async function findResources(
  clients: Pick<Clients, 'lambda' | 'sfn' | 'batch'>,
  workflow: string,
): Promise<WorkflowResources> {
  const [launcher, stateMachines, definitions] = await Promise.all([
    findLauncher(clients, workflow),
    listStateMachines(clients),
    listJobDefinitions(clients, workflow),
  ]);
  const launcherVersions = launcher === undefined ? [] : await listLauncherVersions(clients, launcher);

  const numbers = new Set(launcherVersions.map(({ version }) => version));
  const machines = new Map<number, StateMachine>();
  for (const { arn, version } of await listWorkflowMachines(clients, workflow, stateMachines)) {
    if (version === undefined) continue;
    const machine = await readStateMachine(clients, arn);
    if (machine !== undefined) machines.set(version, machine);
    numbers.add(version);
  }
  for (const { version } of definitions) if (version !== undefined) numbers.add(version);

  return {
    workflow,
    ...given({ launcher }),
    versions: [...numbers]
      .sort((a, b) => a - b)
      .map((version) => {
        const launcherVersion = launcherVersions.find((published) => published.version === version);
        const stateMachine = machines.get(version);
        return {
          version,
          ...given({ launcherVersion, stateMachine }),
          jobDefinitions: definitions.filter((definition) => definition.version === version).map(({ arn }) => arn),
        };
      }),
    withoutVersion: definitions.filter(({ version }) => version === undefined).map(({ arn }) => arn),
    stateMachines,
  };
}
