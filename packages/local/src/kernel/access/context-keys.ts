import type { ConditionKeys, Permission, ServiceAccess } from '../../iam/access.js';
import type { ContextKeys } from '../../iam/pattern.js';
import type { Caller } from './caller.js';

/** Facts of a request from which its condition keys are made. */
interface KeySources {
  readonly caller: Caller;
  readonly account: string;
  readonly region: string;
  readonly principalArn: string;
  /** Tags of the caller's role. */
  readonly principalTags: Readonly<Record<string, string>>;
  readonly permission: Permission;
  readonly access: ServiceAccess | undefined;
}

/** Prefixes of the keys for a resource's tags; some services have one of their own, too. */
const resourceTag = /^(?:aws|secretsmanager|s3|lambda|states|iam):resourcetag\/(.+)$/;

/** The condition keys of a request, found when a policy asks for them. */
export function contextKeys(sources: KeySources): ContextKeys {
  const own = new Map<string, readonly string[]>();
  for (const [key, value] of Object.entries({ ...callerKeys(sources), ...sources.permission.keys }))
    if (value !== undefined) own.set(key.toLowerCase(), typeof value === 'string' ? [value] : value);
  return (name) => {
    const key = name.toLowerCase();
    const found = own.get(key);
    if (found !== undefined) return found;
    const tag = resourceTag.exec(key)?.[1];
    if (tag !== undefined) return tagValue(sources.access?.tagsOf?.(sources.permission.resource), tag);
    if (key.startsWith('aws:principaltag/'))
      return tagValue(sources.principalTags, key.slice('aws:principaltag/'.length));
    if (key === 'aws:currenttime') return [new Date().toISOString()];
    if (key === 'aws:epochtime') return [String(Math.floor(Date.now() / 1000))];
    return undefined;
  };
}

function callerKeys({ caller, account, region, principalArn }: KeySources): ConditionKeys {
  const everyone = {
    // All buckets, queues and functions of the engine belong to its only account.
    'aws:ResourceAccount': account,
    'aws:RequestedRegion': region,
    'aws:SourceIp': '127.0.0.1',
    // The engine speaks HTTP on this machine only; a policy that asks for TLS is meant for networks.
    'aws:SecureTransport': 'true',
  };
  if (caller.kind === 'service')
    return {
      ...everyone,
      'aws:PrincipalIsAWSService': 'true',
      'aws:PrincipalServiceName': caller.name,
      'aws:SourceArn': caller.sourceArn,
      'aws:SourceAccount': account,
    };
  return {
    ...everyone,
    'aws:PrincipalIsAWSService': 'false',
    'aws:ViaAWSService': 'false',
    'aws:PrincipalArn': principalArn,
    'aws:PrincipalAccount': account,
    'aws:PrincipalType': caller.kind === 'session' ? 'AssumedRole' : 'Account',
    'aws:userid': caller.kind === 'session' ? `AROA:${caller.session.name}` : account,
  };
}

/** Keys of tags are compared without regard to case in conditions. */
function tagValue(tags: Readonly<Record<string, string>> | undefined, key: string): readonly string[] | undefined {
  for (const [name, value] of Object.entries(tags ?? {})) if (name.toLowerCase() === key) return [value];
  return undefined;
}
