import { holds } from './condition.js';
import { type ContextKeys, matchesPattern, type Pattern, resolvedText } from './pattern.js';
import type { Listed, Policy, Statement } from './policy.js';
import { type NamedAs, namedAs, type Principal } from './principal.js';

/** A request as IAM sees it. */
export interface AccessRequest {
  readonly principal: Principal;
  /** E.g. `s3:GetObject`. */
  readonly action: string;
  /** ARN, or `*` for an action without resources. */
  readonly resource: string;
  /** The account that owns the resource. */
  readonly resourceAccount: string;
  readonly context: ContextKeys;
}

/** The policies that apply to a request. */
export interface AppliedPolicies {
  /** Inline and managed policies of the principal's role. */
  readonly identity: readonly Policy[];
  readonly resource?: Policy | undefined;
  readonly boundary?: Policy | undefined;
  readonly session?: Policy | undefined;
  /** Set for a role's trust policy: the account of the role does not grant its use without it. */
  readonly trust?: boolean;
}

export type PolicyType = 'identity-based policy' | 'resource-based policy' | 'permissions boundary' | 'session policy';

/** The answer, with the type of policy that denies the request or does not allow it. */
export type Decision =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly explicit: boolean; readonly by: PolicyType };

const allowed: Decision = { allowed: true };
const denied = (by: PolicyType, explicit = false): Decision => ({ allowed: false, explicit, by });

/**
 * Decides on a request: an explicit deny of any policy wins; then something must allow it. Within an account, a
 * resource-based policy or an identity-based one is enough, within the limits of a boundary and a session policy; across
 * accounts both must allow it (IAM, "Policy evaluation logic").
 *
 * @example
 * ```ts
 * evaluate(request, { identity: [parsePolicy(document, 'identity')] }); // { allowed: false, explicit: false, by: 'identity-based policy' }
 * ```
 */
export function evaluate(request: AccessRequest, policies: AppliedPolicies): Decision {
  const { principal } = request;
  const resource = policies.resource && inResourcePolicy(policies.resource, request);
  const identity = inIdentityPolicies(policies.identity, request);
  const boundary = policies.boundary && inIdentityPolicies([policies.boundary], request);
  const session = policies.session && inIdentityPolicies([policies.session], request);
  if (identity === 'deny') return denied('identity-based policy', true);
  if (resource?.denied === true) return denied('resource-based policy', true);
  if (boundary === 'deny') return denied('permissions boundary', true);
  if (session === 'deny') return denied('session policy', true);

  const grants = resource?.grants ?? [];
  const isWithinAccount = principal.kind === 'service' || principal.account === request.resourceAccount;
  if (principal.kind === 'service') return grants.includes('service') ? allowed : denied('resource-based policy');
  if (grants.length === 0 && (policies.trust === true || !isWithinAccount)) return denied('resource-based policy');
  if (isWithinAccount && grants.some((name) => name === 'session' || name === 'everyone')) return allowed;
  // The account's own root user is limited by no policy but a deny.
  if (isWithinAccount && principal.kind === 'account') return allowed;
  if (identity !== 'allow' && !(isWithinAccount && grants.includes('role'))) return denied('identity-based policy');
  if (boundary === 'silent') return denied('permissions boundary');
  return session === 'silent' ? denied('session policy') : allowed;
}

function inIdentityPolicies(policies: readonly Policy[], request: AccessRequest): 'allow' | 'deny' | 'silent' {
  let result: 'allow' | 'silent' = 'silent';
  for (const { statements } of policies)
    for (const statement of statements) {
      if (!applies(statement, request)) continue;
      if (statement.effect === 'Deny') return 'deny';
      result = 'allow';
    }
  return result;
}

function inResourcePolicy({ statements }: Policy, request: AccessRequest) {
  const grants: NamedAs[] = [];
  for (const statement of statements) {
    const name = statement.principals && namedAs(statement.principals, request.principal);
    if (name === undefined || !applies(statement, request)) continue;
    if (statement.effect === 'Deny') return { denied: true, grants: [] };
    grants.push(name);
  }
  return { denied: false, grants };
}

function applies({ actions, resources, conditions }: Statement, request: AccessRequest): boolean {
  const { context, resource } = request;
  const action = request.action.toLowerCase();
  if (actions.items.some((pattern) => matchesPattern(pattern, action, context)) === actions.not) return false;
  if (resources !== undefined && !isAmong(resources, resource, context)) return false;
  return conditions.every((condition) => holds(condition, context));
}

/** A statement whose resource has a variable without a value applies to nothing, also when it lists exceptions. */
function isAmong({ not, items }: Listed<Pattern>, resource: string, context: ContextKeys): boolean {
  if (not && items.some((pattern) => resolvedText(pattern, context) === undefined)) return false;
  return items.some((pattern) => matchesPattern(pattern, resource, context)) !== not;
}
