import { randomUUID } from 'node:crypto';
import Type, { type Static } from 'typebox';
import { present } from '../../kernel/present.js';
import { AwsError } from '../../wire/aws-error.js';
import { type SecretRecord, type SecretVersion, stages, withVersion } from './model.js';
import { invalidParameter } from './operation.js';
import type { Secrets } from './secrets.js';

/** The request members that contain a value. */
export const valueMembers = {
  ClientRequestToken: Type.Optional(Type.String({ minLength: 32, maxLength: 64 })),
  SecretString: Type.Optional(Type.String({ maxLength: 65_536 })),
  SecretBinary: Type.Optional(Type.String({ maxLength: 87_384 })),
};
const newValue = Type.Object(valueMembers);

export type NewValue = Static<typeof newValue>;

/** @throws AwsError `InvalidParameterException` when both values are given */
export function hasValue({ SecretString, SecretBinary }: NewValue): boolean {
  if (SecretString !== undefined && SecretBinary !== undefined)
    throw invalidParameter('You must provide either SecretString or SecretBinary, and not both.');
  return SecretString !== undefined || SecretBinary !== undefined;
}

export function sameValue(version: SecretVersion, value: NewValue): boolean {
  return version.secretString === value.SecretString && version.secretBinary === value.SecretBinary;
}

export function newVersion(value: NewValue, stageNames: readonly string[], createdAt: number): SecretVersion {
  return {
    id: value.ClientRequestToken ?? randomUUID(),
    ...present({ secretString: value.SecretString, secretBinary: value.SecretBinary }),
    stages: stageNames,
    createdAt,
  };
}

/**
 * Adds a version to a secret, once for each token.
 *
 * @throws AwsError `ResourceExistsException` when the token was used for another value
 */
export function addVersion(
  secrets: Secrets,
  secret: SecretRecord,
  value: NewValue,
  stageNames: readonly string[],
): SecretVersion {
  const repeated = secret.versions.find((version) => version.id === value.ClientRequestToken);
  if (repeated !== undefined) {
    if (sameValue(repeated, value)) return repeated;
    throw new AwsError(
      'ResourceExistsException',
      `You can't use ClientRequestToken ${repeated.id} because that value is already in use for a version of secret ${secret.arn}.`,
    );
  }
  const now = Date.now();
  const isFirst = secret.versions.length === 0 && !stageNames.includes(stages.current);
  const version = newVersion(value, isFirst ? [...stageNames, stages.current] : stageNames, now);
  secrets.set({ ...secret, changedAt: now, versions: withVersion(secret.versions, version) });
  return version;
}
