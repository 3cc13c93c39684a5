import { randomBytes, randomUUID } from 'node:crypto';
import type { Static } from 'typebox';
import type { Table } from '../../kernel/journal.js';
import type { EngineContext, Operations, Service } from '../../kernel/service.js';
import { AwsError } from '../../wire/aws-error.js';
import { pageOf, sortedBy } from '../../wire/page.js';
import { parseInput } from '../../wire/parse-input.js';
import { withoutTags, withTags } from '../../wire/tag-list.js';
import { type SecretRecord, type SecretVersion, stages, withVersion } from './model.js';
import {
  createSecretRequest,
  deleteSecretRequest,
  getSecretValueRequest,
  listSecretsRequest,
  type NewValue,
  putSecretValueRequest,
  secretIdRequest,
  tagResourceRequest,
  untagResourceRequest,
  updateSecretRequest,
} from './requests.js';

const invalid = 'InvalidParameterException';
const dayMs = 86_400_000;

/** AWS Secrets Manager. Secrets are kept in the engine's journal in the clear: it is a place for tests, not for secrets. */
export function createSecretsManagerService(context: EngineContext): Service {
  return new SecretsManager(context);
}

class SecretsManager implements Service {
  readonly name = 'secretsmanager';
  readonly #context: EngineContext;
  readonly #secrets: Table<SecretRecord>;

  constructor(context: EngineContext) {
    this.#context = context;
    this.#secrets = context.journal.table('secretsmanager/secrets');
  }

  readonly operations: Operations = {
    CreateSecret: (input) => this.#create(parseInput(createSecretRequest, input, invalid)),
    PutSecretValue: (input) => this.#put(parseInput(putSecretValueRequest, input, invalid)),
    UpdateSecret: (input) => this.#update(parseInput(updateSecretRequest, input, invalid)),
    GetSecretValue: (input) => this.#get(parseInput(getSecretValueRequest, input, invalid)),
    DescribeSecret: (input) => this.#describe(parseInput(secretIdRequest, input, invalid).SecretId),
    ListSecrets: (input) => this.#list(parseInput(listSecretsRequest, input, invalid)),
    DeleteSecret: (input) => this.#delete(parseInput(deleteSecretRequest, input, invalid)),
    TagResource: (input) => {
      const { SecretId, Tags } = parseInput(tagResourceRequest, input, invalid);
      const secret = this.#living(SecretId);
      this.#secrets.set(secret.name, { ...secret, tags: withTags(secret.tags, Tags) });
    },
    UntagResource: (input) => {
      const { SecretId, TagKeys } = parseInput(untagResourceRequest, input, invalid);
      const secret = this.#living(SecretId);
      this.#secrets.set(secret.name, { ...secret, tags: withoutTags(secret.tags, TagKeys) });
    },
    RestoreSecret: (input) => this.#restore(parseInput(secretIdRequest, input, invalid).SecretId),
  };

  #create(input: Static<typeof createSecretRequest>) {
    this.#removeExpired();
    const existing = this.#secrets.get(input.Name);
    const repeated = existing?.versions.find((version) => version.id === input.ClientRequestToken);
    if (existing !== undefined && repeated !== undefined && sameValue(repeated, input))
      return { ARN: existing.arn, Name: existing.name, VersionId: repeated.id };
    if (existing?.deleteAfter !== undefined)
      throw new AwsError(
        'InvalidRequestException',
        "You can't create this secret because a secret with this name is already scheduled for deletion.",
      );
    if (existing !== undefined)
      throw new AwsError(
        'ResourceExistsException',
        `The operation failed because the secret ${input.Name} already exists.`,
      );
    const now = Date.now();
    const version = hasValue(input) ? newVersion(input, [stages.current], now) : undefined;
    const { partition, region, accountId } = this.#context;
    const suffix = randomBytes(4).toString('base64url').replace(/[-_]/g, 'x').slice(0, 6);
    const secret: SecretRecord = {
      arn: `arn:${partition}:secretsmanager:${region}:${accountId}:secret:${input.Name}-${suffix}`,
      name: input.Name,
      ...(input.Description === undefined ? {} : { description: input.Description }),
      ...(input.KmsKeyId === undefined ? {} : { kmsKeyId: input.KmsKeyId }),
      tags: input.Tags ?? [],
      createdAt: now,
      changedAt: now,
      versions: version === undefined ? [] : [version],
    };
    this.#secrets.set(secret.name, secret);
    return { ARN: secret.arn, Name: secret.name, VersionId: version?.id };
  }

  #put(input: Static<typeof putSecretValueRequest>) {
    const secret = this.#living(input.SecretId);
    if (!hasValue(input))
      throw new AwsError(invalid, 'You must provide either SecretString or SecretBinary, and not both.');
    const version = this.#addVersion(secret, input, input.VersionStages ?? [stages.current]);
    return { ARN: secret.arn, Name: secret.name, VersionId: version.id, VersionStages: version.stages };
  }

  #update(input: Static<typeof updateSecretRequest>) {
    const secret = this.#living(input.SecretId);
    const described: SecretRecord = {
      ...secret,
      ...(input.Description === undefined ? {} : { description: input.Description }),
      ...(input.KmsKeyId === undefined ? {} : { kmsKeyId: input.KmsKeyId }),
      changedAt: Date.now(),
    };
    const version = hasValue(input) ? this.#addVersion(described, input, [stages.current]) : undefined;
    if (version === undefined) this.#secrets.set(secret.name, described);
    return { ARN: secret.arn, Name: secret.name, VersionId: version?.id };
  }

  #addVersion(secret: SecretRecord, value: NewValue, stageNames: readonly string[]): SecretVersion {
    const repeated = secret.versions.find((version) => version.id === value.ClientRequestToken);
    if (repeated !== undefined) {
      if (sameValue(repeated, value)) return repeated;
      throw new AwsError(
        'ResourceExistsException',
        `You can't use ClientRequestToken ${repeated.id} because that value is already in use for a version of secret ${secret.arn}.`,
      );
    }
    const now = Date.now();
    const first = secret.versions.length === 0 && !stageNames.includes(stages.current);
    const version = newVersion(value, first ? [...stageNames, stages.current] : stageNames, now);
    this.#secrets.set(secret.name, { ...secret, changedAt: now, versions: withVersion(secret.versions, version) });
    return version;
  }

  #get({ SecretId, VersionId, VersionStage }: Static<typeof getSecretValueRequest>) {
    const secret = this.#living(SecretId);
    const stage = VersionStage ?? (VersionId === undefined ? stages.current : undefined);
    const version = secret.versions.find(
      ({ id, stages: held }) =>
        (VersionId === undefined || id === VersionId) && (stage === undefined || held.includes(stage)),
    );
    if (version === undefined) {
      const wanted = VersionId === undefined ? `staging label: ${stage}` : `VersionId: ${VersionId}`;
      throw new AwsError(
        'ResourceNotFoundException',
        `Secrets Manager can't find the specified secret value for ${wanted}`,
      );
    }
    return {
      ARN: secret.arn,
      Name: secret.name,
      VersionId: version.id,
      SecretString: version.secretString,
      SecretBinary: version.secretBinary,
      VersionStages: version.stages,
      CreatedDate: new Date(version.createdAt),
    };
  }

  #describe(secretId: string) {
    const secret = this.#find(secretId);
    return {
      ...summary(secret),
      VersionIdsToStages: Object.fromEntries(secret.versions.map((version) => [version.id, version.stages])),
    };
  }

  #list(input: Static<typeof listSecretsRequest>) {
    this.#removeExpired();
    const shown = sortedBy(this.#secrets.values(), (secret) => secret.name).filter(
      (secret) => secret.deleteAfter === undefined || input.IncludePlannedDeletion === true,
    );
    const { items, nextToken } = pageOf(shown, (secret) => secret.name, {
      limit: input.MaxResults ?? 100,
      token: input.NextToken,
      code: 'InvalidNextTokenException',
    });
    const SecretList = items.map((secret) => ({
      ...summary(secret),
      SecretVersionsToStages: Object.fromEntries(secret.versions.map((version) => [version.id, version.stages])),
    }));
    return { SecretList, NextToken: nextToken };
  }

  #delete({ SecretId, RecoveryWindowInDays, ForceDeleteWithoutRecovery }: Static<typeof deleteSecretRequest>) {
    if (ForceDeleteWithoutRecovery === true && RecoveryWindowInDays !== undefined)
      throw new AwsError(invalid, "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.");
    const secret = ForceDeleteWithoutRecovery === true ? this.#find(SecretId) : this.#living(SecretId);
    const deleteAfter = Date.now() + (ForceDeleteWithoutRecovery === true ? 0 : (RecoveryWindowInDays ?? 30) * dayMs);
    if (ForceDeleteWithoutRecovery === true) this.#secrets.delete(secret.name);
    else this.#secrets.set(secret.name, { ...secret, deleteAfter });
    return { ARN: secret.arn, Name: secret.name, DeletionDate: new Date(deleteAfter) };
  }

  #restore(secretId: string) {
    const { deleteAfter: _, ...secret } = this.#find(secretId);
    this.#secrets.set(secret.name, secret);
    return { ARN: secret.arn, Name: secret.name };
  }

  /** By name, ARN, or the ARN without its random suffix. */
  #find(secretId: string): SecretRecord {
    this.#removeExpired();
    const name = secretId.startsWith('arn:') ? secretId.split(':').slice(6).join(':') : secretId;
    for (const candidate of [name, name.replace(/-[A-Za-z0-9]{6}$/, '')]) {
      const secret = this.#secrets.get(candidate);
      if (secret !== undefined && (candidate === name || secret.arn === secretId)) return secret;
    }
    throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
  }

  #living(secretId: string): SecretRecord {
    const secret = this.#find(secretId);
    if (secret.deleteAfter !== undefined)
      throw new AwsError(
        'InvalidRequestException',
        "You can't perform this operation on the secret because it was marked for deletion.",
      );
    return secret;
  }

  #removeExpired(): void {
    const now = Date.now();
    for (const secret of [...this.#secrets.values()])
      if (secret.deleteAfter !== undefined && secret.deleteAfter <= now) this.#secrets.delete(secret.name);
  }
}

function hasValue({ SecretString, SecretBinary }: NewValue): boolean {
  if (SecretString !== undefined && SecretBinary !== undefined)
    throw new AwsError(invalid, 'You must provide either SecretString or SecretBinary, and not both.');
  return SecretString !== undefined || SecretBinary !== undefined;
}

function sameValue(version: SecretVersion, value: NewValue): boolean {
  return version.secretString === value.SecretString && version.secretBinary === value.SecretBinary;
}

function newVersion(value: NewValue, stageNames: readonly string[], createdAt: number): SecretVersion {
  return {
    id: value.ClientRequestToken ?? randomUUID(),
    ...(value.SecretString === undefined ? {} : { secretString: value.SecretString }),
    ...(value.SecretBinary === undefined ? {} : { secretBinary: value.SecretBinary }),
    stages: stageNames,
    createdAt,
  };
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
