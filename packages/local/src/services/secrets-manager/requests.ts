import Type, { type Static } from 'typebox';
import { tag } from '../../wire/tag-list.js';

const name = Type.String({ minLength: 1, maxLength: 512, pattern: '^[A-Za-z0-9/_+=.@-]+$' });
const secretId = Type.String({ minLength: 1, maxLength: 2048 });
const token = Type.Optional(Type.String({ minLength: 32, maxLength: 64 }));
const value = {
  ClientRequestToken: token,
  SecretString: Type.Optional(Type.String({ maxLength: 65_536 })),
  SecretBinary: Type.Optional(Type.String({ maxLength: 87_384 })),
};
const description = Type.Optional(Type.String({ maxLength: 2048 }));

export const createSecretRequest = Type.Object({
  ...value,
  Name: name,
  Description: description,
  KmsKeyId: Type.Optional(Type.String()),
  Tags: Type.Optional(Type.Array(tag, { maxItems: 50 })),
});
export const putSecretValueRequest = Type.Object({
  ...value,
  SecretId: secretId,
  VersionStages: Type.Optional(Type.Array(Type.String({ minLength: 1 }), { minItems: 1, maxItems: 20 })),
});
export const updateSecretRequest = Type.Object({
  ...value,
  SecretId: secretId,
  Description: description,
  KmsKeyId: Type.Optional(Type.String()),
});
export const getSecretValueRequest = Type.Object({
  SecretId: secretId,
  VersionId: Type.Optional(Type.String()),
  VersionStage: Type.Optional(Type.String()),
});
export const deleteSecretRequest = Type.Object({
  SecretId: secretId,
  RecoveryWindowInDays: Type.Optional(Type.Integer({ minimum: 7, maximum: 30 })),
  ForceDeleteWithoutRecovery: Type.Optional(Type.Boolean()),
});
export const secretIdRequest = Type.Object({ SecretId: secretId });
export const listSecretsRequest = Type.Object({
  MaxResults: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
  NextToken: Type.Optional(Type.String()),
  IncludePlannedDeletion: Type.Optional(Type.Boolean()),
});

export const tagResourceRequest = Type.Object({ SecretId: secretId, Tags: Type.Array(tag) });
export const untagResourceRequest = Type.Object({ SecretId: secretId, TagKeys: Type.Array(Type.String()) });

/** The members of the requests that bring a value. */
export type NewValue = Pick<Static<typeof createSecretRequest>, 'ClientRequestToken' | 'SecretString' | 'SecretBinary'>;
