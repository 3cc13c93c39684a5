import type { EngineContext } from '../../kernel/service.js';
import { nameOf } from './arns.js';
import type { JobDefinitionRecord } from './model.js';
import { clientException } from './operation.js';
import { Records } from './records.js';

/** Job definitions by ARN with revision. Revision numbers are never reused, even after deregistration. */
export class JobDefinitions extends Records<JobDefinitionRecord> {
  constructor(context: EngineContext) {
    super(context, {
      resource: 'job-definition',
      table: 'batch/job-definitions',
      arnOf: (record) => record.jobDefinitionArn,
      missing: (arn) => `JobDefinition ${arn} not found.`,
    });
  }

  /**
   * Returns the definition that a submission refers to: a name refers to its latest active revision.
   *
   * @throws AwsError `ClientException` when it does not exist or was deregistered.
   */
  resolve(reference: string): JobDefinitionRecord {
    const name = nameOf(reference);
    if (!name.includes(':')) {
      const latest = this.revisions(name).find((record) => record.status === 'ACTIVE');
      if (latest === undefined)
        throw clientException(`JobDefinition name ${name} does not exist or is not in ACTIVE status`);
      return latest;
    }
    const arn = this.arn(reference);
    const record = this.get(arn);
    if (record.status !== 'ACTIVE') throw clientException(`JobDefinition ${arn} is not in ACTIVE status`);
    return record;
  }

  /** Newest first. */
  revisions(name: string): readonly JobDefinitionRecord[] {
    return [...this.values()]
      .filter((record) => record.jobDefinitionName === name)
      .sort((a, b) => b.revision - a.revision);
  }
}
