import type { EngineContext, Service } from '../../kernel/service.js';

/** AWS STS as far as one machine has it: everybody is the account's root user. */
export function createStsService(context: EngineContext): Service {
  const { accountId, partition } = context;
  return {
    name: 'sts',
    operations: {
      GetCallerIdentity: () => ({
        UserId: accountId,
        Account: accountId,
        Arn: `arn:${partition}:iam::${accountId}:root`,
      }),
    },
  };
}
