import type { EngineContext } from '../../kernel/service.js';
import { Records } from './records.js';

export interface ComputeEnvironmentRecord {
  readonly computeEnvironmentName: string;
  readonly computeEnvironmentArn: string;
  readonly type: 'MANAGED' | 'UNMANAGED';
  readonly state: 'ENABLED' | 'DISABLED';
  readonly status: 'VALID';
  readonly statusReason: string;
  readonly computeResources?: Readonly<Record<string, unknown>>;
  readonly serviceRole?: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** Compute environments are only recorded: jobs always run on this machine. */
export class ComputeEnvironments extends Records<ComputeEnvironmentRecord> {
  constructor(context: EngineContext) {
    super(context, {
      resource: 'compute-environment',
      table: 'batch/compute-environments',
      arnOf: (record) => record.computeEnvironmentArn,
      missing: (name) => `${name} does not exist`,
    });
  }
}
