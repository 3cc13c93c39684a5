import type { Listed, NamedPrincipal } from './policy.js';

/** The maker of a request. */
export type Principal =
  /** The account itself: a person, whose keys the engine does not know, is its administrator. */
  | { readonly kind: 'account'; readonly account: string; readonly arn: string }
  /** A session of a role. */
  | {
      readonly kind: 'session';
      readonly account: string;
      /** `arn:aws:sts::123456789012:assumed-role/<role>/<session>` */
      readonly arn: string;
      readonly roleArn: string;
    }
  /** A service of AWS, e.g. `events.amazonaws.com`. */
  | { readonly kind: 'service'; readonly name: string };

/**
 * The way in which a statement names a principal. `account` only delegates the decision to the principal's own policies;
 * what is granted to a `session` or to `everyone` is not limited by a boundary or a session policy, what is granted to a
 * `role` is (IAM, "Policy evaluation logic").
 */
export type NamedAs = 'account' | 'role' | 'session' | 'everyone' | 'service';

/** Returns how a statement of a resource-based policy names a principal; undefined if it does not. */
export function namedAs(listed: Listed<NamedPrincipal>, principal: Principal): NamedAs | undefined {
  const found = listed.items.flatMap((item) => nameOf(item, principal) ?? []);
  if (listed.not) return found.length === 0 ? 'everyone' : undefined;
  return strongestFirst.find((name) => found.includes(name));
}

const strongestFirst: readonly NamedAs[] = ['service', 'session', 'everyone', 'role', 'account'];

function nameOf({ type, name }: NamedPrincipal, principal: Principal): NamedAs | undefined {
  if (principal.kind === 'service') {
    const isNamed = name === '*' ? type === 'AWS' || type === 'Service' : type === 'Service' && name === principal.name;
    return isNamed ? 'service' : undefined;
  }
  if (type !== 'AWS') return undefined;
  if (name === '*') return 'everyone';
  if (name === principal.account || /^arn:[^:]+:iam::(\d{12}):root$/.exec(name)?.[1] === principal.account)
    return 'account';
  if (principal.kind === 'account') return undefined;
  if (name === principal.arn) return 'session';
  return name === principal.roleArn ? 'role' : undefined;
}
