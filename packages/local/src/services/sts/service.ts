import Type from 'typebox';
import type { EngineContext, Service } from '../../kernel/service.js';
import { operationFactory, operationTable } from '../../operation.js';

const operation = operationFactory('ValidationError');

/** AWS STS, reduced to one machine: every caller is the account's root user. */
export function createStsService({ accountId, partition }: EngineContext): Service {
  return {
    name: 'sts',
    operations: operationTable([
      operation('GetCallerIdentity', Type.Object({}), () => ({
        UserId: accountId,
        Account: accountId,
        Arn: `arn:${partition}:iam::${accountId}:root`,
      })),
    ]),
    query: { namespace: 'https://sts.amazonaws.com/doc/2011-06-15/' },
  };
}
