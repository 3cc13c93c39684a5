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
  /** When the secret goes for good; absent: it was not deleted. */
  readonly deleteAfter?: number;
  readonly versions: readonly SecretVersion[];
}

/** One value that a secret had. */
export interface SecretVersion {
  readonly id: string;
  readonly secretString?: string;
  /** Base64, as it travels in JSON. */
  readonly secretBinary?: string;
  readonly stages: readonly string[];
  readonly createdAt: number;
}

/** The stages that Secrets Manager itself moves. */
export const stages = { current: 'AWSCURRENT', previous: 'AWSPREVIOUS' } as const;

/**
 * The versions after a new one came: it takes its stages from whoever had them, what was current becomes previous, and
 * versions without a stage are deprecated, which Secrets Manager is free to remove; here they go at once.
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
