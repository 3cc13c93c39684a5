import { textOf } from '../members.js';
import type { ResourceRequest } from '../resource-type.js';

/** `arn:aws:iam::<account>:<kind><path><name>`; the path is a property, `/` by default. */
export function iamArn(request: ResourceRequest, kind: 'instance-profile' | 'policy' | 'role', name: string): string {
  const { partition, accountId, properties } = request;
  return `arn:${partition}:iam::${accountId}:${kind}${textOf(properties, 'Path') ?? '/'}${name}`;
}
