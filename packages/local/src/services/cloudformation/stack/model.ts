import type { Caller } from '../../../kernel/access/caller.js';
import type { Json, JsonObject } from '../json.js';
import type { DeletionPolicy } from '../template/template.js';

/** The input from which a stack is deployed; an update replaces all of it at once. */
export interface Deployment {
  /** The original template. */
  readonly templateBody: string;
  /** The template after its macros; the same content as the body if it has none. */
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
  /** Absent until the first operation has completed. */
  readonly deployment?: Deployment;
  readonly outputs: readonly StackOutput[];
  readonly description?: string;
  /** Names of other stacks' exports that this stack uses. */
  readonly imports: readonly string[];
  readonly roleArn?: string;
  /** Who began the latest operation: its resources need this caller's permissions, or those of the role. */
  readonly caller?: Caller;
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

/** A resource of a stack, or one that is about to be created. */
export interface ResourceRecord {
  readonly logicalId: string;
  readonly type: string;
  /** Absent while the resource is being created, or when its creation failed. */
  readonly physicalId?: string;
  readonly attributes: JsonObject;
  /** Token of the operation that created it; its generated name is derived from this token and never changes. */
  readonly token: string;
  /** The properties that were passed to the resource's handler. */
  readonly properties: JsonObject;
  readonly status: ResourceStatus;
  readonly statusReason?: string;
  readonly deletionPolicy: DeletionPolicy;
  readonly metadata?: Json;
  /** Logical ids of the resources that must be deleted after it. */
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
 * `prepare` runs the macros; `forward` creates and updates resources; `cleanup` removes resources that are not in the
 * new template; `rollback` restores resources, and `rollback-cleanup` removes those that the failed operation created.
 */
export type OperationPhase = 'prepare' | 'forward' | 'cleanup' | 'rollback' | 'rollback-cleanup' | 'delete';

/**
 * An operation on a stack. It stays in the journal until it is done, so that the engine resumes it after being killed.
 */
export interface OperationRecord {
  readonly stackId: string;
  /** Unique. Names of new resources are derived from it, so that a resumed operation uses the same names. */
  readonly token: string;
  readonly kind: 'create' | 'update' | 'delete';
  readonly phase: OperationPhase;
  readonly clientRequestToken?: string;
  /** For a create or update whose macros have not run yet. */
  readonly request?: DeploymentRequest;
  /** For a create or update, once prepared. */
  readonly target?: Deployment;
  readonly onFailure: 'DELETE' | 'DO_NOTHING' | 'ROLLBACK';
  /** The caller requested that a rollback deletes new resources regardless of their deletion policy. */
  readonly retainExceptOnCreate: boolean;
  /** Set when existing resources that do not belong to a stack are imported into this one. */
  readonly importExisting?: boolean;
  /** For DeleteStack: logical ids of resources to keep. */
  readonly retain: readonly string[];
  /** The reason why the stack is rolled back, or why the rollback failed. */
  readonly failure?: string;
  /** The rollback failed: the operation waits for ContinueUpdateRollback or DeleteStack. */
  readonly halted?: boolean;
}

/** The progress of an operation on one resource. */
export type StepRecord = { readonly logicalId: string } & (
  | {
      readonly action: 'create';
      readonly state: 'done' | 'started';
      /** The handler's survey before the creation; after a crash it identifies the resource that was created. */
      readonly survey: Json;
    }
  | {
      readonly action: 'replace';
      readonly state: 'done' | 'started';
      readonly survey: Json;
      readonly before: ResourceRecord;
      /** True when the old resource is kept if the operation succeeds. */
      readonly keepOld: boolean;
      /** True when the new resource is kept if the operation fails. */
      readonly keepNew: boolean;
    }
  | { readonly action: 'update'; readonly state: 'done' | 'started'; readonly before: ResourceRecord }
  /** A replacement that was rolled back: the new resource leaves the stack, and is deleted unless `keep` is set. */
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
  /** Absent until it has been computed. */
  readonly deployment?: Deployment;
  readonly changes: readonly ResourceChange[];
  /** See {@link OperationRecord.importExisting}. */
  readonly importExisting?: boolean;
  readonly onStackFailure?: 'DELETE' | 'DO_NOTHING' | 'ROLLBACK';
  /** ISO 8601. */
  readonly createdAt: string;
}

/** The deployment that a request describes, before its macros have run. */
export interface DeploymentRequest {
  readonly templateBody: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly capabilities: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  readonly roleArn?: string;
  readonly caller?: Caller;
  readonly notificationArns: readonly string[];
}

export interface ResourceChange {
  readonly action: 'Add' | 'Modify' | 'Remove';
  readonly logicalId: string;
  readonly physicalId?: string;
  readonly type: string;
  /** Only for a Modify. */
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
