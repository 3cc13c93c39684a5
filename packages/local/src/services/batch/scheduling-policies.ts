import type { EngineContext } from '../../kernel/service.js';
import { Records } from './records.js';

export interface SchedulingPolicyRecord {
  readonly name: string;
  readonly arn: string;
  readonly fairsharePolicy?: {
    readonly computeReservation?: number;
    readonly shareDecaySeconds?: number;
    readonly shareDistribution?: readonly { readonly shareIdentifier: string; readonly weightFactor?: number }[];
  };
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * Fair-share policies. Weights are used; the past use of a share is not (`shareDecaySeconds` is only recorded), as on
 * one machine the present use already evens it out.
 */
export class SchedulingPolicies extends Records<SchedulingPolicyRecord> {
  constructor(context: EngineContext) {
    super(context, {
      resource: 'scheduling-policy',
      table: 'batch/scheduling-policies',
      arnOf: (record) => record.arn,
      missing: (arn) => `Scheduling policy ${arn} does not exist`,
    });
  }

  /** The weight factor of a share; an entry that ends in `*` matches all shares with that prefix. */
  weight(arn: string, share: string): number {
    const shares = this.find(arn)?.fairsharePolicy?.shareDistribution ?? [];
    const entry =
      shares.find((candidate) => candidate.shareIdentifier === share) ??
      shares.find(
        ({ shareIdentifier }) => shareIdentifier.endsWith('*') && share.startsWith(shareIdentifier.slice(0, -1)),
      );
    return entry?.weightFactor ?? 1;
  }
}
