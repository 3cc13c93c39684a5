import { tagKeys } from '@bclaw/spec/contract';
import { stackName, type Tag, type Text } from './cloudformation.js';

export interface Deployment {
  /** Distinguishes this deployment from every other: the macro's request id, or a unique value from the caller. */
  readonly id: string;
  readonly bclawVersion: string;
  readonly coreStackName: string;
}

/** The tags as a map, as Batch requires. */
export const tagMap = (deployment: Deployment): Readonly<Record<string, Text>> => ({
  [tagKeys.workflow]: stackName,
  [tagKeys.bclawVersion]: deployment.bclawVersion,
  [tagKeys.coreStackName]: deployment.coreStackName,
  [tagKeys.deployment]: deployment.id,
});

/** The tags as a list of keys and values, as all other services require. */
export const tagList = (deployment: Deployment): readonly Tag[] =>
  Object.entries(tagMap(deployment)).map(([Key, Value]) => ({ Key, Value }));
