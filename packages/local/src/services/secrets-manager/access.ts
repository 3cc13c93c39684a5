import { type AccessRule, anywhere, type CallInput, on, requestTags, type ServiceAccess } from '../../iam/access.js';
import type { EngineContext } from '../../kernel/service.js';
import { tagMap } from '../../wire/tag-list.js';
import type { SecretRecord } from './model.js';
import type { Secrets } from './secrets.js';

/** The permissions of Secrets Manager. */
export function secretsAccess({ partition, region, accountId }: EngineContext, secrets: Secrets): ServiceAccess {
  const found = (id: string): SecretRecord | undefined => {
    try {
      return secrets.get(id);
    } catch {
      return undefined;
    }
  };
  const secret = ({ SecretId, Name }: CallInput) => {
    const id = String(SecretId ?? Name ?? '');
    return (
      found(id)?.arn ??
      (id.startsWith('arn:') ? id : `arn:${partition}:secretsmanager:${region}:${accountId}:secret:${id}`)
    );
  };
  const rule = (action: string): AccessRule => on(`secretsmanager:${action}`, secret);
  return {
    rules: {
      CreateSecret: on('secretsmanager:CreateSecret', secret, ({ Tags }) => requestTags(Tags)),
      UpdateSecret: rule('UpdateSecret'),
      DescribeSecret: rule('DescribeSecret'),
      ListSecrets: anywhere('secretsmanager:ListSecrets'),
      DeleteSecret: rule('DeleteSecret'),
      RestoreSecret: rule('RestoreSecret'),
      TagResource: on('secretsmanager:TagResource', secret, ({ Tags }) => requestTags(Tags)),
      UntagResource: rule('UntagResource'),
      PutSecretValue: rule('PutSecretValue'),
      GetSecretValue: rule('GetSecretValue'),
    },
    tagsOf: (arn) => {
      const tags = found(arn)?.tags;
      return tags && tagMap(tags);
    },
  };
}
