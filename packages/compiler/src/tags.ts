import { tagKeys } from '@bclaw/spec/contract';
import { stackName, type Tag, type Text } from './cloudformation.js';

export interface Deployment {
  /** What makes this deployment differ from every other: the macro's request id, or a value that the caller makes up. */
  readonly id: string;
  readonly bclawVersion: string;
  readonly coreStackName: string;
}

/** As a map, the way Batch wants tags. */
export const tagMap = (deployment: Deployment): Readonly<Record<string, Text>> => ({
  [tagKeys.workflow]: stackName,
  [tagKeys.bclawVersion]: deployment.bclawVersion,
  [tagKeys.coreStackName]: deployment.coreStackName,
  [tagKeys.deployment]: deployment.id,
});

/** As a list of keys and values, the way everyone else wants tags. */
export const tagList = (deployment: Deployment): readonly Tag[] =>
  Object.entries(tagMap(deployment)).map(([Key, Value]) => ({ Key, Value }));
