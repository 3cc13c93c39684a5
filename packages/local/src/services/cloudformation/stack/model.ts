import type { Json, JsonObject } from '../json.js';
import type { DeletionPolicy } from '../template/template.js';

/** What a stack is deployed from, everything that an update replaces at once. */
export interface Deployment {
  /** The template as it was given. */
  readonly templateBody: string;
  /** After its macros; the same as the body's content when it has none. */
  readonly processed: JsonObject;
  readonly macros: readonly string[];
  readonly parameters: Readonly<Record<string, string>>;
  readonly capabilities: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
}

export interface StackOutput {
  readonly key: string;
  readonly value: string;
  readonly description?: string;
  readonly exportName?: string;
}

export interface StackRecord {
  readonly id: string;
  readonly name: string;
  readonly status: StackStatus;
  readonly statusReason?: string;
  /** Absent until the first operation ran. */
  readonly deployment?: Deployment;
  readonly outputs: readonly StackOutput[];
  readonly description?: string;
  /** Names of the exports of other stacks that this one uses. */
  readonly imports: readonly string[];
  readonly roleArn?: string;
  readonly notificationArns: readonly string[];
  readonly disableRollback: boolean;
  readonly terminationProtection: boolean;
  readonly changeSetId?: string;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly updatedAt?: string;
  readonly deletedAt?: string;
}

export type StackStatus =
  | 'REVIEW_IN_PROGRESS'
  | 'CREATE_IN_PROGRESS'
  | 'CREATE_COMPLETE'
  | 'CREATE_FAILED'
  | 'ROLLBACK_IN_PROGRESS'
  | 'ROLLBACK_COMPLETE'
  | 'ROLLBACK_FAILED'
  | 'UPDATE_IN_PROGRESS'
  | 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS'
  | 'UPDATE_COMPLETE'
  | 'UPDATE_FAILED'
  | 'UPDATE_ROLLBACK_IN_PROGRESS'
  | 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS'
  | 'UPDATE_ROLLBACK_COMPLETE'
  | 'UPDATE_ROLLBACK_FAILED'
  | 'DELETE_IN_PROGRESS'
  | 'DELETE_COMPLETE'
  | 'DELETE_FAILED';

export type ResourceStatus =
  | 'CREATE_IN_PROGRESS'
  | 'CREATE_COMPLETE'
  | 'CREATE_FAILED'
  | 'UPDATE_IN_PROGRESS'
  | 'UPDATE_COMPLETE'
  | 'UPDATE_FAILED'
  | 'DELETE_IN_PROGRESS'
  | 'DELETE_COMPLETE'
  | 'DELETE_FAILED'
  | 'DELETE_SKIPPED';

/** A resource that a stack has, or is about to have. */
export interface ResourceRecord {
  readonly logicalId: string;
  readonly type: string;
  /** Absent while, or when, creating it failed. */
  readonly physicalId?: string;
  readonly attributes: JsonObject;
  /** Of the operation that made it: its generated name comes from it, and stays. */
  readonly token: string;
  /** As they were given to the resource's handler. */
  readonly properties: JsonObject;
  readonly status: ResourceStatus;
  readonly statusReason?: string;
  readonly deletionPolicy: DeletionPolicy;
  readonly metadata?: Json;
  /** Logical ids that must outlive it. */
  readonly dependsOn: readonly string[];
  /** ISO 8601. */
  readonly updatedAt: string;
}

export interface StackEvent {
  readonly id: string;
  readonly logicalId: string;
  readonly physicalId: string;
  readonly type: string;
  readonly status: ResourceStatus | StackStatus;
  readonly reason?: string;
  /** JSON text of the resource's properties. */
  readonly properties?: string;
  readonly clientRequestToken?: string;
  /** ISO 8601. */
  readonly timestamp: string;
}

/**
 * `prepare` runs the macros; `forward` makes and changes resources; `cleanup` removes what the new template no longer has;
 * `rollback` brings resources back, and `rollback-cleanup` removes what the failed operation made.
 */
export type OperationPhase = 'prepare' | 'forward' | 'cleanup' | 'rollback' | 'rollback-cleanup' | 'delete';

/** What is being done to a stack; in the journal until it is done, so that a killed engine goes on with it. */
export interface OperationRecord {
  readonly stackId: string;
  /** Unique; names of new resources are derived from it, so that going on gives the same names. */
  readonly token: string;
  readonly kind: 'create' | 'update' | 'delete';
  readonly phase: OperationPhase;
  readonly clientRequestToken?: string;
  /** Of a create or update whose macros are yet to run. */
  readonly request?: DeploymentRequest;
  /** Of a create or update, once prepared. */
  readonly target?: Deployment;
  readonly onFailure: 'DELETE' | 'DO_NOTHING' | 'ROLLBACK';
  /** The caller asked that what this operation makes goes with it, whatever its policy. */
  readonly retainExceptOnCreate: boolean;
  /** Set when resources that are there already, and in no stack, are taken into this one. */
  readonly importExisting?: boolean;
  /** Logical ids to leave alone, of DeleteStack. */
  readonly retain: readonly string[];
  /** Why the stack rolls back, or could not be rolled back. */
  readonly failure?: string;
  /** Rolling back failed: nothing happens until ContinueUpdateRollback or DeleteStack. */
  readonly halted?: boolean;
}

/** What an operation did, or is doing, to one resource. */
export type StepRecord = { readonly logicalId: string } & (
  | {
      readonly action: 'create';
      readonly state: 'done' | 'started';
      /** What the handler saw before: tells after a crash what it made. */
      readonly survey: Json;
    }
  | {
      readonly action: 'replace';
      readonly state: 'done' | 'started';
      readonly survey: Json;
      readonly before: ResourceRecord;
      /** Whether the old resource stays when the operation succeeds. */
      readonly keepOld: boolean;
      /** Whether the new resource stays when the operation fails. */
      readonly keepNew: boolean;
    }
  | { readonly action: 'update'; readonly state: 'done' | 'started'; readonly before: ResourceRecord }
  /** A replacement that was rolled back: what had been made leaves the stack, and goes unless it is to be kept. */
  | { readonly action: 'discard'; readonly made: ResourceRecord; readonly keep: boolean }
);

export interface ChangeSetRecord {
  readonly id: string;
  readonly name: string;
  readonly stackId: string;
  readonly stackName: string;
  readonly type: 'CREATE' | 'UPDATE';
  readonly status: 'CREATE_COMPLETE' | 'CREATE_IN_PROGRESS' | 'CREATE_PENDING' | 'DELETE_COMPLETE' | 'FAILED';
  readonly executionStatus:
    | 'AVAILABLE'
    | 'EXECUTE_COMPLETE'
    | 'EXECUTE_FAILED'
    | 'EXECUTE_IN_PROGRESS'
    | 'OBSOLETE'
    | 'UNAVAILABLE';
  readonly statusReason?: string;
  readonly description?: string;
  readonly request: DeploymentRequest;
  /** Absent until it is worked out. */
  readonly deployment?: Deployment;
  readonly changes: readonly ResourceChange[];
  /** See {@link OperationRecord.importExisting}. */
  readonly importExisting?: boolean;
  readonly onStackFailure?: 'DELETE' | 'DO_NOTHING' | 'ROLLBACK';
  /** ISO 8601. */
  readonly createdAt: string;
}

/** What a request says about the deployment that it wants, before macros ran. */
export interface DeploymentRequest {
  readonly templateBody: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly capabilities: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  readonly roleArn?: string;
  readonly notificationArns: readonly string[];
}

export interface ResourceChange {
  readonly action: 'Add' | 'Modify' | 'Remove';
  readonly logicalId: string;
  readonly physicalId?: string;
  readonly type: string;
  /** Of a Modify. */
  readonly replacement?: 'Conditional' | 'False' | 'True';
  readonly details: readonly ChangeDetail[];
  readonly policyAction?: 'Delete' | 'ReplaceAndDelete' | 'ReplaceAndRetain' | 'Retain';
}

export interface ChangeDetail {
  readonly attribute: 'Metadata' | 'Properties' | 'Tags';
  readonly name: string;
  readonly requiresRecreation: 'Always' | 'Conditionally' | 'Never';
  readonly evaluation: 'Dynamic' | 'Static';
  readonly source: 'DirectModification' | 'ParameterReference' | 'ResourceAttribute' | 'ResourceReference';
  readonly causingEntity?: string;
}
