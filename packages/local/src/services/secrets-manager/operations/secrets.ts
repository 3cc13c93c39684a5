import { randomBytes } from 'node:crypto';
import Type from 'typebox';
import { present } from '../../../kernel/present.js';
import type { EngineContext } from '../../../kernel/service.js';
import type { Operation } from '../../../operation.js';
import { AwsError } from '../../../wire/aws-error.js';
import { pageOf, sortedBy } from '../../../wire/page.js';
import { tag, withoutTags, withTags } from '../../../wire/tag-list.js';
import { type SecretRecord, stages } from '../model.js';
import { addVersion, hasValue, newVersion, sameValue, valueMembers } from '../new-value.js';
import { description, invalidParameter, operation, secretId } from '../operation.js';
import type { Secrets } from '../secrets.js';

const dayMs = 86_400_000;
const one = Type.Object({ SecretId: secretId });
const kmsKeyId = Type.Optional(Type.String());

/** Creating, reading and deleting secrets, with their tags. */
export function secretOperations({ partition, region, accountId }: EngineContext, secrets: Secrets): Operation[] {
  return [
    operation(
      'CreateSecret',
      Type.Object({
        ...valueMembers,
        Name: Type.String({ minLength: 1, maxLength: 512 }),
        Description: description,
        KmsKeyId: kmsKeyId,
        Tags: Type.Optional(Type.Array(tag, { maxItems: 50 })),
      }),
      (input) => {
        if (!/^[A-Za-z0-9/_+=.@-]+$/.test(input.Name))
          throw new AwsError(
            'ValidationException',
            'Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!',
          );
        const existing = secrets.named(input.Name);
        const repeated = existing?.versions.find((version) => version.id === input.ClientRequestToken);
        if (existing !== undefined && repeated !== undefined && sameValue(repeated, input))
          return { ARN: existing.arn, Name: existing.name, VersionId: repeated.id };
        if (existing !== undefined) throw alreadyExists(existing);
        const now = Date.now();
        const version = hasValue(input) ? newVersion(input, [stages.current], now) : undefined;
        const suffix = randomBytes(4).toString('base64url').replace(/[-_]/g, 'x').slice(0, 6);
        const secret: SecretRecord = {
          arn: `arn:${partition}:secretsmanager:${region}:${accountId}:secret:${input.Name}-${suffix}`,
          name: input.Name,
          ...present({ description: input.Description, kmsKeyId: input.KmsKeyId }),
          tags: input.Tags ?? [],
          createdAt: now,
          changedAt: now,
          versions: version === undefined ? [] : [version],
        };
        secrets.set(secret);
        return { ARN: secret.arn, Name: secret.name, VersionId: version?.id };
      },
    ),

    operation(
      'UpdateSecret',
      Type.Object({ ...valueMembers, SecretId: secretId, Description: description, KmsKeyId: kmsKeyId }),
      (input) => {
        const secret: SecretRecord = {
          ...secrets.living(input.SecretId),
          ...present({ description: input.Description, kmsKeyId: input.KmsKeyId }),
          changedAt: Date.now(),
        };
        const version = hasValue(input) ? addVersion(secrets, secret, input, [stages.current]) : undefined;
        if (version === undefined) secrets.set(secret);
        return { ARN: secret.arn, Name: secret.name, VersionId: version?.id };
      },
    ),

    operation('DescribeSecret', one, ({ SecretId }) => {
      const secret = secrets.get(SecretId);
      return { ...summary(secret), VersionIdsToStages: stagesOf(secret) };
    }),

    operation(
      'ListSecrets',
      Type.Object({
        MaxResults: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
        NextToken: Type.Optional(Type.String()),
        IncludePlannedDeletion: Type.Optional(Type.Boolean()),
      }),
      ({ MaxResults: limit = 100, NextToken: token, IncludePlannedDeletion = false }) => {
        const shown = sortedBy(secrets.all(), ({ name }) => name).filter(
          ({ deleteAfter }) => deleteAfter === undefined || IncludePlannedDeletion,
        );
        const code = 'InvalidNextTokenException';
        const { items, nextToken } = pageOf(shown, ({ name }) => name, { limit, token, code });
        const SecretList = items.map((secret) => ({ ...summary(secret), SecretVersionsToStages: stagesOf(secret) }));
        return { SecretList, NextToken: nextToken };
      },
    ),

    operation(
      'DeleteSecret',
      Type.Object({
        SecretId: secretId,
        RecoveryWindowInDays: Type.Optional(Type.Integer({ minimum: 7, maximum: 30 })),
        ForceDeleteWithoutRecovery: Type.Optional(Type.Boolean()),
      }),
      ({ SecretId, RecoveryWindowInDays, ForceDeleteWithoutRecovery: atOnce = false }) => {
        if (atOnce && RecoveryWindowInDays !== undefined)
          throw invalidParameter("You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.");
        const secret = atOnce ? secrets.get(SecretId) : secrets.living(SecretId);
        const deleteAfter = Date.now() + (atOnce ? 0 : (RecoveryWindowInDays ?? 30) * dayMs);
        if (atOnce) secrets.delete(secret);
        else secrets.set({ ...secret, deleteAfter });
        return { ARN: secret.arn, Name: secret.name, DeletionDate: new Date(deleteAfter) };
      },
    ),

    operation('RestoreSecret', one, ({ SecretId }) => {
      const { deleteAfter: _, ...secret } = secrets.get(SecretId);
      secrets.set(secret);
      return { ARN: secret.arn, Name: secret.name };
    }),

    operation('TagResource', Type.Object({ SecretId: secretId, Tags: Type.Array(tag) }), ({ SecretId, Tags }) => {
      const secret = secrets.living(SecretId);
      secrets.set({ ...secret, tags: withTags(secret.tags, Tags) });
    }),

    operation(
      'UntagResource',
      Type.Object({ SecretId: secretId, TagKeys: Type.Array(Type.String()) }),
      ({ SecretId, TagKeys }) => {
        const secret = secrets.living(SecretId);
        secrets.set({ ...secret, tags: withoutTags(secret.tags, TagKeys) });
      },
    ),
  ];
}

function alreadyExists({ name, deleteAfter }: SecretRecord): AwsError {
  return deleteAfter === undefined
    ? new AwsError('ResourceExistsException', `The operation failed because the secret ${name} already exists.`)
    : new AwsError(
        'InvalidRequestException',
        "You can't create this secret because a secret with this name is already scheduled for deletion.",
      );
}

function stagesOf({ versions }: SecretRecord): Record<string, readonly string[]> {
  return Object.fromEntries(versions.map(({ id, stages }) => [id, stages]));
}

function summary(secret: SecretRecord) {
  return {
    ARN: secret.arn,
    Name: secret.name,
    Description: secret.description,
    KmsKeyId: secret.kmsKeyId,
    CreatedDate: new Date(secret.createdAt),
    LastChangedDate: new Date(secret.changedAt),
    DeletedDate: secret.deleteAfter === undefined ? undefined : new Date(secret.deleteAfter),
    Tags: secret.tags,
  };
}
