import { statesErrors } from '../errors.js';
import type { ExecutionRecord, MachineRecord, MapRunRecord, RevisionRecord, VersionRecord } from '../store/records.js';
import type { Parts } from './parts.js';

/** A state machine named in a request, with the published version if the ARN includes one. */
export interface NamedMachine {
  readonly machine: MachineRecord;
  readonly version: VersionRecord | undefined;
}

/** @throws AwsError InvalidArn, StateMachineDoesNotExist */
export function namedMachine({ arns, store }: Parts, arn: string): NamedMachine {
  const named = arns.parse(arn);
  if (named?.kind !== 'stateMachine') throw invalidArn(arn);
  const machine = store.machines.get(named.machine);
  const version = named.version === undefined ? undefined : store.versions.get(`${named.machine}:${named.version}`);
  if (machine === undefined || (named.version !== undefined && version === undefined)) {
    throw statesErrors.stateMachineDoesNotExist(arn);
  }
  return { machine, version };
}

/** The error for a state machine ARN of another account or region, or for text that is not such an ARN. */
function invalidArn(arn: string) {
  return /^arn:[a-z-]+:states:/.test(arn) && arn.includes(':stateMachine:')
    ? statesErrors.stateMachineDoesNotExist(arn)
    : statesErrors.invalidArn(arn);
}

export function revisionOf({ store }: Parts, key: string): RevisionRecord {
  const revision = store.revisions.get(key);
  if (revision === undefined) throw new Error(`the journal has no revision ${key}`);
  return revision;
}

/** @throws AwsError InvalidArn, ExecutionDoesNotExist */
export function namedExecution({ arns, store }: Parts, arn: string): ExecutionRecord {
  const named = arns.parse(arn);
  if (named === undefined && /^arn:[a-z-]+:states:[^:]*:[^:]*:execution:/.test(arn)) {
    throw statesErrors.executionDoesNotExist(arn);
  }
  if (named?.kind !== 'execution') throw statesErrors.invalidArn(arn);
  const record = store.executionNamed(named.machine, named.name);
  if (record === undefined) throw statesErrors.executionDoesNotExist(arn);
  return record;
}

/** @throws AwsError InvalidArn, ResourceNotFound */
export function namedMapRun(
  { arns, store }: Parts,
  arn: string,
): { readonly mapRun: MapRunRecord; readonly parent: ExecutionRecord } {
  const named = arns.parse(arn);
  if (named?.kind !== 'mapRun') throw statesErrors.invalidArn(arn);
  const found = store.mapRun(named.id);
  if (found?.mapRun.machine !== named.machine) throw statesErrors.resourceNotFound(arn);
  return found;
}
