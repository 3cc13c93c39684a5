import { given } from '@bclaw/spec/given';
import type { Clients } from '../aws/clients.js';
import { type JobDefinition, listJobDefinitions } from '../aws/job-definition.js';
import { type ListedStateMachine, listStateMachines, listWorkflowMachines } from '../aws/state-machine.js';
import { findLauncher, type Launcher, type LauncherVersion, listLauncherVersions } from './launcher-function.js';

/** The launcher version and the state machine of one version of a workflow. */
export interface VersionParts {
  readonly version: number;
  /** Absent when the launcher version is deleted: such a version can never be live again. */
  readonly launcherVersion?: LauncherVersion;
  readonly stateMachine?: ListedStateMachine;
}

/** A workflow's launcher, and its versions without their job definitions. */
export interface WorkflowParts {
  readonly workflow: string;
  /** Absent when the workflow's stack is deleted: the remaining resources are orphans. */
  readonly launcher?: Launcher;
  /** Oldest first. */
  readonly versions: readonly VersionParts[];
  /** All state machines of the account and region: some may call this workflow's versions. */
  readonly stateMachines: readonly ListedStateMachine[];
}

/** Everything that AWS still has of one version of a workflow. */
export interface VersionResources extends VersionParts {
  /** ARNs of its active job definitions. */
  readonly jobDefinitions: readonly string[];
}

export interface WorkflowResources extends WorkflowParts {
  readonly versions: readonly VersionResources[];
  /** ARNs of its active job definitions that belong to no version. */
  readonly withoutVersion: readonly string[];
}

/**
 * Finds the resources of a workflow, version by version, from launcher versions, state machines and job definitions. So
 * it also finds leftovers of an interrupted clean-up or a deleted stack. Reads every job definition of the account.
 */
export async function findResources(
  clients: Pick<Clients, 'lambda' | 'sfn' | 'batch'>,
  workflow: string,
): Promise<WorkflowResources> {
  const [parts, definitions] = await Promise.all([findParts(clients, workflow), listJobDefinitions(clients, workflow)]);
  return withJobDefinitions(parts, definitions);
}

/**
 * Finds the versions of a workflow: one call for every 50 of them and for every 1,000 state machines of the account, and
 * one for every state machine whose launcher version is deleted.
 */
export async function findParts(clients: Pick<Clients, 'lambda' | 'sfn'>, workflow: string): Promise<WorkflowParts> {
  const [launcher, stateMachines] = await Promise.all([findLauncher(clients, workflow), listStateMachines(clients)]);
  const launcherVersions = launcher === undefined ? [] : await listLauncherVersions(clients, launcher);
  const published = new Map(launcherVersions.map((version) => [version.version, version]));
  const machines = await listWorkflowMachines(clients, workflow, stateMachines, new Set(published.keys()));
  const byVersion = new Map(
    machines.flatMap(({ version, ...machine }) => (version === undefined ? [] : [[version, machine] as const])),
  );
  return {
    workflow,
    ...given({ launcher }),
    versions: inOrder([...published.keys(), ...byVersion.keys()]).map((version) => ({
      version,
      ...given({ launcherVersion: published.get(version), stateMachine: byVersion.get(version) }),
    })),
    stateMachines,
  };
}

/** Assigns job definitions to versions; some may have nothing else left. */
export function withJobDefinitions(parts: WorkflowParts, definitions: readonly JobDefinition[]): WorkflowResources {
  const known = new Map(parts.versions.map((version) => [version.version, version]));
  const numbers = definitions.flatMap(({ version }) => (version === undefined ? [] : [version]));
  return {
    ...parts,
    versions: inOrder([...known.keys(), ...numbers]).map((version) => ({
      ...(known.get(version) ?? { version }),
      jobDefinitions: definitions.filter((definition) => definition.version === version).map(({ arn }) => arn),
    })),
    withoutVersion: definitions.filter(({ version }) => version === undefined).map(({ arn }) => arn),
  };
}

const inOrder = (numbers: readonly number[]): number[] => [...new Set(numbers)].sort((a, b) => a - b);
