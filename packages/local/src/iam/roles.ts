import { awsManagedPolicy } from './managed-policies.js';
import { type Policy, parsePolicy } from './policy.js';

/** A role as it is recorded; documents are JSON texts. */
export interface RoleRecord {
  readonly name: string;
  readonly arn: string;
  readonly trust: string;
  readonly inline: readonly string[];
  /** ARNs. */
  readonly managed: readonly string[];
  /** ARN of a policy. */
  readonly boundary?: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** A policy that is recorded apart from its roles: a managed one, or one that a template attaches to roles. */
export interface PolicyRecord {
  /** ARN of a managed policy; else an id of its own. */
  readonly id: string;
  readonly document: string;
  /** Names of the roles that it is attached to. */
  readonly roles: readonly string[];
}

/** The policies of a role, ready to be evaluated. */
export interface RolePolicies {
  readonly trust: Policy;
  readonly identity: readonly Policy[];
  readonly boundary: Policy | undefined;
  readonly tags: Readonly<Record<string, string>>;
}

/** A table of records, e.g. of the engine's journal. */
interface Records<T> {
  get(key: string): T | undefined;
  set(key: string, value: T): void;
  delete(key: string): void;
  values(): IterableIterator<T>;
}

/** The roles and policies of the account. */
export class Roles {
  readonly #given: ReadonlyMap<string, RoleRecord>;
  readonly #roles: Records<RoleRecord>;
  readonly #policies: Records<PolicyRecord>;
  /** Parsed policies by a role's name; emptied when anything changes. */
  readonly #parsed = new Map<string, RolePolicies>();

  /** @param given - roles that are there without a record */
  constructor(roles: Records<RoleRecord>, policies: Records<PolicyRecord>, given: readonly RoleRecord[] = []) {
    this.#given = new Map(given.map((role) => [role.name, role]));
    this.#roles = roles;
    this.#policies = policies;
  }

  setRole(role: RoleRecord): void {
    this.#roles.set(role.name, role);
    this.#parsed.clear();
  }

  deleteRole(name: string): void {
    this.#roles.delete(name);
    this.#parsed.clear();
  }

  setPolicy(policy: PolicyRecord): void {
    this.#policies.set(policy.id, policy);
    this.#parsed.clear();
  }

  deletePolicy(id: string): void {
    this.#policies.delete(id);
    this.#parsed.clear();
  }

  hasPolicy(arn: string): boolean {
    return this.#policies.get(arn) !== undefined;
  }

  /** @param arn - of the role; its path is not part of the name */
  find(arn: string): RoleRecord | undefined {
    const name = arn.slice(arn.lastIndexOf('/') + 1);
    const role = this.#roles.get(name) ?? this.#given.get(name);
    return role?.arn === arn ? role : undefined;
  }

  /** The policies of a role; undefined if the account has no such role. */
  policiesOf(arn: string): RolePolicies | undefined {
    const role = this.find(arn);
    if (role === undefined) return undefined;
    let policies = this.#parsed.get(role.name);
    if (policies === undefined) {
      policies = this.#parse(role);
      this.#parsed.set(role.name, policies);
    }
    return policies;
  }

  #parse(role: RoleRecord): RolePolicies {
    const attached = [...this.#policies.values()].filter(({ roles }) => roles.includes(role.name));
    const documents = [
      ...role.inline,
      ...attached.map(({ document }) => document),
      ...role.managed.flatMap((arn) => this.#document(arn) ?? []),
    ];
    const boundary = role.boundary === undefined ? undefined : (this.#document(role.boundary) ?? nothing);
    return {
      trust: parsePolicy(role.trust, 'trust'),
      identity: documents.map((document) => parsePolicy(document, 'identity')),
      boundary: boundary === undefined ? undefined : parsePolicy(boundary, 'identity'),
      tags: role.tags,
    };
  }

  #document(arn: string): object | string | undefined {
    return awsManagedPolicy(arn) ?? this.#policies.get(arn)?.document;
  }
}

/** A boundary that is gone allows nothing. */
const nothing = { Version: '2012-10-17', Statement: [] };
