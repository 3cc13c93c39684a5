import type { Principal } from '../../iam/principal.js';

/** Who a session is: kept in its token, so that a session outlives the engine that issued it. */
export interface SessionToken {
  readonly roleArn: string;
  readonly name: string;
  /** JSON of the session policy. */
  readonly policy?: string;
  /** Epoch milliseconds; absent: renewed all the time, as a job's and a function's are. */
  readonly expires?: number;
}

/** A session of a role with what its token says. */
export interface Session extends SessionToken {
  readonly principal: Extract<Principal, { kind: 'session' }>;
}

/** The maker of a call. */
export type Caller =
  /** A person with credentials of their own: the account's administrator. */
  | { readonly kind: 'administrator' }
  | { readonly kind: 'session'; readonly session: Session }
  /** A service of AWS on behalf of a resource, such as EventBridge for a rule. */
  | { readonly kind: 'service'; readonly name: string; readonly sourceArn: string };

/** The caller as IAM's policies name it. */
export function principalOf(caller: Caller, account: string, partition: string): Principal {
  switch (caller.kind) {
    case 'administrator':
      return { kind: 'account', account, arn: `arn:${partition}:iam::${account}:root` };
    case 'session':
      return caller.session.principal;
    case 'service':
      return { kind: 'service', name: caller.name };
  }
}
