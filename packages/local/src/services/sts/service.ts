import Type from 'typebox';
import { named, on } from '../../iam/access.js';
import { mistakeIn } from '../../iam/policy.js';
import { principalOf } from '../../kernel/access/caller.js';
import { credentialsOf, sessionOf } from '../../kernel/access/session.js';
import { present } from '../../kernel/present.js';
import type { EngineContext, Service } from '../../kernel/service.js';
import { operationFactory, operationTable } from '../../operation.js';
import { AwsError } from '../../wire/aws-error.js';

const operation = operationFactory('ValidationError');

const defaultSeconds = 3600;

/** AWS STS: who calls, and sessions of the account's roles. A person with keys of their own is its root user. */
export function createStsService({ accountId, partition }: EngineContext): Service {
  return {
    name: 'sts',
    operations: operationTable([
      operation('GetCallerIdentity', Type.Object({}), (_input, { caller = { kind: 'administrator' } }) => {
        const principal = principalOf(caller, accountId, partition);
        if (principal.kind === 'session')
          return { UserId: `AROABCLAW:${principal.arn.split('/').at(-1)}`, Account: accountId, Arn: principal.arn };
        return { UserId: accountId, Account: accountId, Arn: `arn:${partition}:iam::${accountId}:root` };
      }),

      operation(
        'AssumeRole',
        Type.Object({
          RoleArn: Type.String({ minLength: 20 }),
          RoleSessionName: Type.String({ pattern: '^[\\w+=,.@-]{2,64}$' }),
          DurationSeconds: Type.Optional(Type.Integer({ minimum: 900, maximum: 43_200 })),
          Policy: Type.Optional(Type.String()),
          ExternalId: Type.Optional(Type.String()),
        }),
        ({ RoleArn, RoleSessionName, DurationSeconds = defaultSeconds, Policy }) => {
          checkSessionPolicy(Policy);
          const expires = Date.now() + DurationSeconds * 1000;
          const session = sessionOf({
            roleArn: RoleArn,
            name: RoleSessionName,
            expires,
            ...present({ policy: Policy }),
          });
          const { accessKeyId, secretAccessKey, sessionToken } = credentialsOf(session);
          return {
            Credentials: {
              AccessKeyId: accessKeyId,
              SecretAccessKey: secretAccessKey,
              SessionToken: sessionToken,
              Expiration: new Date(expires),
            },
            AssumedRoleUser: { AssumedRoleId: `AROABCLAW:${session.name}`, Arn: session.principal.arn },
          };
        },
      ),
    ]),
    query: { namespace: 'https://sts.amazonaws.com/doc/2011-06-15/' },
    access: {
      rules: {
        GetCallerIdentity: () => [],
        AssumeRole: on('sts:AssumeRole', named('RoleArn'), ({ ExternalId, RoleSessionName }) => ({
          'sts:ExternalId': typeof ExternalId === 'string' ? ExternalId : undefined,
          'sts:RoleSessionName': typeof RoleSessionName === 'string' ? RoleSessionName : undefined,
        })),
      },
      denial: { code: 'AccessDenied', status: 403 },
    },
  };
}

function checkSessionPolicy(policy: string | undefined): void {
  const mistake = policy === undefined ? undefined : mistakeIn(policy, 'identity');
  if (mistake !== undefined) throw new AwsError('MalformedPolicyDocument', mistake);
}
