import type { Tag } from '../../wire/tag-list.js';

/** A secret with all its versions. Times are in epoch milliseconds. */
export interface SecretRecord {
  readonly arn: string;
  readonly name: string;
  readonly description?: string;
  readonly kmsKeyId?: string;
  readonly tags: readonly Tag[];
  readonly createdAt: number;
  readonly changedAt: number;
  /** Time of permanent deletion; absent if the secret was not deleted. */
  readonly deleteAfter?: number;
  readonly versions: readonly SecretVersion[];
}

/** One value of a secret. */
export interface SecretVersion {
  readonly id: string;
  readonly secretString?: string;
  /** Base64, as in the JSON protocol. */
  readonly secretBinary?: string;
  readonly stages: readonly string[];
  readonly createdAt: number;
}

/** The stages that Secrets Manager moves itself. */
export const stages = { current: 'AWSCURRENT', previous: 'AWSPREVIOUS' } as const;

/**
 * The versions after a new one is added: the stages that it names move to it, the current version becomes the previous
 * one, and versions without a stage are deprecated. Secrets Manager may delete those; here they are deleted at once.
 */
export function withVersion(versions: readonly SecretVersion[], added: SecretVersion): readonly SecretVersion[] {
  const replacesCurrent = added.stages.includes(stages.current);
  const kept = versions.map((version) => {
    const wasCurrent = version.stages.includes(stages.current);
    const remaining = version.stages.filter(
      (stage) => !added.stages.includes(stage) && !(replacesCurrent && stage === stages.previous),
    );
    return { ...version, stages: replacesCurrent && wasCurrent ? [...remaining, stages.previous] : remaining };
  });
  return [...kept.filter((version) => version.stages.length > 0), added];
}
