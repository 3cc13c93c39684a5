import type { IncomingHttpHeaders } from 'node:http';
import type { CallInput, DenialForm, Permission, ServiceAccess } from '../../iam/access.js';
import { type Decision, evaluate } from '../../iam/evaluate.js';
import { mistakeIn, type Policy, parsePolicy } from '../../iam/policy.js';
import type { Roles } from '../../iam/roles.js';
import { AwsError } from '../../wire/aws-error.js';
import { type Caller, principalOf, type Session } from './caller.js';
import { contextKeys } from './context-keys.js';
import { sessionOf, sessionOfRequest } from './session.js';
import type { UsedPermissions } from './used-permissions.js';

/** Access control: not at all, only written to the log, or enforced. */
export type IamMode = 'enforce' | 'off' | 'report';

export interface AuthorityOptions {
  readonly mode: IamMode;
  readonly account: string;
  readonly region: string;
  readonly partition: string;
  /** Of the whole account: IAM is global. */
  readonly roles: Roles;
  readonly used: UsedPermissions;
  readonly services: ReadonlyMap<string, { readonly access?: ServiceAccess }>;
  readonly log: { error(message: string): void };
}

const commonDenial: DenialForm = { code: 'AccessDeniedException', status: 400 };

/** Decides who may call what, by the policies of roles and resources. */
export class Authority {
  readonly roles: Roles;
  readonly #used: UsedPermissions;
  readonly #options: AuthorityOptions;
  /** Parsed policies of resources, by their text. */
  readonly #resourcePolicies = new Map<string, Policy>();
  readonly #reported = new Set<string>();

  constructor(options: AuthorityOptions) {
    this.#options = options;
    this.roles = options.roles;
    this.#used = options.used;
  }

  /** True unless the mode is `enforce`. */
  get isLenient(): boolean {
    return this.#options.mode !== 'enforce';
  }

  /**
   * The maker of an HTTP request: any credentials that the engine did not issue are the administrator's.
   *
   * @throws AwsError `ExpiredTokenException`, `InvalidClientTokenId`
   */
  callerOf(headers: IncomingHttpHeaders, query: URLSearchParams): Caller {
    let session: Session | undefined;
    try {
      session = sessionOfRequest(headers, query);
    } catch {
      throw new AwsError('InvalidClientTokenId', 'The security token included in the request is invalid.', {
        status: 403,
      });
    }
    if (session === undefined) return { kind: 'administrator' };
    if (session.expires !== undefined && session.expires < Date.now())
      throw new AwsError('ExpiredTokenException', 'The security token included in the request is expired', {
        status: 403,
      });
    return { kind: 'session', session };
  }

  /** @throws AwsError in the service's words when the caller may not make the call */
  authorize(service: string, operation: string, input: unknown, caller: Caller): void {
    if (this.#options.mode === 'off') return;
    const access = this.#options.services.get(service)?.access;
    const rule = access?.rules[operation];
    if (rule === undefined) return;
    for (const permission of rule(membersOf(input))) this.require(permission, caller, access?.denial);
  }

  /** @throws AwsError when the caller does not have a permission */
  require(permission: Permission, caller: Caller, form: DenialForm = commonDenial): void {
    const refusal = this.refusal(permission, caller, form);
    if (refusal !== undefined) throw refusal;
  }

  /** The error with which a caller is refused; undefined if it has the permission. */
  refusal(permission: Permission, caller: Caller, form: DenialForm = commonDenial): AwsError | undefined {
    const { mode } = this.#options;
    if (mode === 'off' || (caller.kind === 'service' && this.#accessOf(permission)?.isMissing?.(permission.resource)))
      return undefined;
    const decision = this.#decide(permission, caller);
    this.#used.add(this.#nameOf(caller), permission);
    if (decision.allowed) return undefined;
    const message = this.#wording(permission, caller, decision, form);
    if (mode === 'enforce') return new AwsError(form.code, message, { status: form.status });
    if (this.#reported.has(message)) return undefined;
    this.#reported.add(message);
    this.#options.log.error(`IAM would deny it: ${message}`);
    return undefined;
  }

  /** An error, or the denial that hides it from a caller who may not know. */
  shown(service: string, operation: string, input: unknown, caller: Caller, error: unknown): unknown {
    if (!(error instanceof AwsError)) return error;
    const access = this.#options.services.get(service)?.access;
    const permission = access?.hides?.(operation, membersOf(input), error.code);
    return (permission && this.refusal(permission, caller, access?.denial)) ?? error;
  }

  /** True if a service of AWS may assume a role: the role exists and its trust policy names the service. */
  isAssumableBy(roleArn: string, service: string, sourceArn = ''): boolean {
    const caller: Caller = { kind: 'service', name: service, sourceArn };
    return this.refusal({ action: 'sts:AssumeRole', resource: roleArn }, caller) === undefined;
  }

  /** True if a role's own policies grant a permission, as services check it before they accept the role. */
  roleHas(roleArn: string, permission: Permission): boolean {
    const caller: Caller = { kind: 'session', session: sessionOf({ roleArn, name: 'check' }) };
    return this.refusal(permission, caller) === undefined;
  }

  #decide(permission: Permission, caller: Caller): Decision {
    const request = this.#request(permission, caller);
    if (permission.action === 'sts:AssumeRole') {
      const trust = this.roles.policiesOf(permission.resource)?.trust;
      return evaluate(request, { ...this.#own(caller), resource: trust, trust: true });
    }
    const document = this.#accessOf(permission)?.policyOf?.(permission.resource);
    return evaluate(request, {
      ...this.#own(caller),
      resource: document === undefined ? undefined : this.#parsed(document),
    });
  }

  #request(permission: Permission, caller: Caller) {
    const { account, region, partition } = this.#options;
    const principal = principalOf(caller, account, partition);
    return {
      principal,
      action: permission.action,
      resource: permission.resource,
      resourceAccount: account,
      context: contextKeys({
        caller,
        account,
        region,
        principalArn:
          principal.kind === 'session' ? principal.roleArn : principal.kind === 'account' ? principal.arn : '',
        principalTags: caller.kind === 'session' ? (this.roles.find(caller.session.roleArn)?.tags ?? {}) : {},
        permission,
        access: this.#accessOf(permission),
      }),
    };
  }

  /** Access control of the service that a permission's resource belongs to. */
  #accessOf({ resource }: Permission): ServiceAccess | undefined {
    return this.#options.services.get(resource.split(':')[2] ?? '')?.access;
  }

  #own(caller: Caller) {
    if (caller.kind !== 'session') return { identity: [] };
    const policies = this.roles.policiesOf(caller.session.roleArn);
    const { policy } = caller.session;
    return {
      identity: policies?.identity ?? [],
      boundary: policies?.boundary,
      session: policy === undefined ? undefined : parsePolicy(policy, 'identity'),
    };
  }

  #parsed(document: unknown): Policy {
    const text = typeof document === 'string' ? document : JSON.stringify(document);
    let policy = this.#resourcePolicies.get(text);
    if (policy === undefined) {
      // An engine that did not check policies may have kept a faulty one: it grants nothing.
      policy = mistakeIn(text, 'resource') === undefined ? parsePolicy(text, 'resource') : { statements: [] };
      this.#resourcePolicies.set(text, policy);
    }
    return policy;
  }

  #nameOf(caller: Caller): string {
    if (caller.kind === 'administrator') return 'administrator';
    return caller.kind === 'session' ? caller.session.roleArn : caller.name;
  }

  /** The words of AWS: IAM, "Troubleshoot access denied error messages". */
  #wording({ action, resource }: Permission, caller: Caller, decision: Decision, form: DenialForm): string {
    const { account, partition } = this.#options;
    const principal = principalOf(caller, account, partition);
    const who = principal.kind === 'service' ? principal.name : principal.arn;
    const spelled = form.action?.(action) ?? action;
    const on = form.resource?.(resource) ?? resource;
    const policy = decision.allowed ? 'identity-based policy' : decision.by;
    const article = /^[aeiou]/.test(policy) ? 'an' : 'a';
    const why =
      !decision.allowed && decision.explicit
        ? `with an explicit deny in ${article} ${policy}`
        : `because no ${policy} allows the ${spelled} action`;
    return `User: ${who} is not authorized to perform: ${spelled} on resource: ${on} ${why}`;
  }
}

const membersOf = (input: unknown): CallInput => (typeof input === 'object' && input !== null ? { ...input } : {});
