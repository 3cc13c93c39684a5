import type { EngineContext } from '../../kernel/service.js';

export type BatchResource =
  | 'consumable-resource'
  | 'compute-environment'
  | 'job'
  | 'job-definition'
  | 'job-queue'
  | 'scheduling-policy';

/** `arn:aws:batch:<region>:<account>:<resource>/<name>` */
export function batchArn(context: EngineContext, resource: BatchResource, name: string): string {
  return `arn:${context.partition}:batch:${context.region}:${context.accountId}:${resource}/${name}`;
}

/** The name in a Batch ARN, or the text itself when it is already a name. */
export function nameOf(nameOrArn: string): string {
  return nameOrArn.startsWith('arn:') ? nameOrArn.slice(nameOrArn.indexOf('/') + 1) : nameOrArn;
}
