import { Type } from 'typebox';
import type { Operation } from '../../../operation.js';
import { operation } from '../operation.js';
import type { Parts } from '../request/parts.js';

/** Forgetting ended executions early: an operation that AWS does not have, for `bclaw local prune`. */
export function retentionOperations({ store, clock }: Parts): Operation[] {
  return [
    operation(
      'BclawForgetExecutions',
      Type.Object({ olderThanSeconds: Type.Number({ minimum: 0 }), dryRun: Type.Optional(Type.Boolean()) }),
      async ({ olderThanSeconds, dryRun }) => store.expire(clock.now() - olderThanSeconds * 1000, dryRun ?? false),
    ),
  ];
}
