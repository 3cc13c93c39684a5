import type { Authority } from '../../../../kernel/access/authority.js';
import type { Log } from '../../../../kernel/service.js';
import { messageOf } from '../../errors.js';
import type { ResourceRecord } from '../../stack/model.js';
import { inlineRecords, policyRecord } from './policies.js';
import { roleRecord } from './role.js';

/** Stacks of older engines have roles that only the stacks know: access control takes them over. */
export function adoptRecordedRoles(resources: Iterable<ResourceRecord>, iam: Authority, log: Log): void {
  for (const { type, logicalId, physicalId, attributes, properties } of resources) {
    if (physicalId === undefined) continue;
    const arn = String(attributes['Arn'] ?? '');
    try {
      if (type === 'AWS::IAM::Role' && iam.roles.find(arn) === undefined)
        iam.roles.setRole(roleRecord(properties, physicalId, arn));
      if (type === 'AWS::IAM::ManagedPolicy' && !iam.roles.hasPolicy(physicalId))
        iam.roles.setPolicy(policyRecord(properties, physicalId));
      if (type === 'AWS::IAM::Policy')
        for (const record of inlineRecords(properties))
          if (!iam.roles.hasPolicy(record.id)) iam.roles.setPolicy(record);
    } catch (error) {
      log.error('A role or policy of a stack is not valid', { logicalId, error: messageOf(error) });
    }
  }
}
