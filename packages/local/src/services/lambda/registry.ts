import type { Table } from '../../kernel/journal.js';
import type { EngineContext } from '../../kernel/service.js';
import { AwsError } from '../../wire/aws-error.js';
import { type FunctionReference, isVersion } from './function-reference.js';
import type {
  AliasRecord,
  EventInvokeConfigRecord,
  EventSourceMappingRecord,
  FunctionRecord,
  FunctionVersion,
  PolicyRecord,
} from './model.js';

/** The version that runs for a call, and the ARN that the caller used for it. */
export interface Target {
  readonly version: FunctionVersion;
  /** With the qualifier as given: `invokedFunctionArn` of the context object. */
  readonly invokedArn: string;
}

/** All functions, versions and aliases of the engine, in the journal. */
export class FunctionRegistry {
  readonly functions: Table<FunctionRecord>;
  readonly versions: Table<FunctionVersion>;
  readonly aliases: Table<AliasRecord>;
  readonly policies: Table<PolicyRecord>;
  readonly eventInvokeConfigs: Table<EventInvokeConfigRecord>;
  /** By UUID. As in Lambda, a mapping outlives its function. */
  readonly eventSourceMappings: Table<EventSourceMappingRecord>;
  /** Last version number by function name; kept when the function is deleted, as Lambda never reuses a number. */
  readonly lastNumbers: Table<number>;
  readonly #context: EngineContext;

  constructor(context: EngineContext) {
    const { journal } = context;
    this.#context = context;
    this.functions = journal.table('lambda/functions');
    this.versions = journal.table('lambda/versions');
    this.aliases = journal.table('lambda/aliases');
    this.policies = journal.table('lambda/policies');
    this.eventInvokeConfigs = journal.table('lambda/event-invoke-configs');
    this.eventSourceMappings = journal.table('lambda/event-source-mappings');
    this.lastNumbers = journal.table('lambda/last-numbers');
  }

  arn(name: string, qualifier?: string): string {
    const { partition, region, accountId } = this.#context;
    const base = `arn:${partition}:lambda:${region}:${accountId}:function:${name}`;
    return qualifier === undefined ? base : `${base}:${qualifier}`;
  }

  /** @throws AwsError `ResourceNotFoundException` */
  function(name: string): FunctionRecord {
    const record = this.functions.get(name);
    if (record === undefined) throw this.notFound(name);
    return record;
  }

  /** @throws AwsError `ResourceNotFoundException` */
  version(name: string, version: string): FunctionVersion {
    const record = this.versions.get(key(name, version));
    if (record === undefined) throw this.notFound(name, version === '$LATEST' ? undefined : version);
    return record;
  }

  setVersion(version: FunctionVersion): void {
    this.versions.set(key(version.functionName, version.version), version);
  }

  /** `$LATEST` first, then in numeric order. */
  versionsOf(name: string): FunctionVersion[] {
    const all = [...this.versions.values()].filter((version) => version.functionName === name);
    return all.sort((a, b) => number(a.version) - number(b.version));
  }

  lastPublished(name: string): FunctionVersion | undefined {
    const last = this.versionsOf(name).at(-1);
    return last?.version === '$LATEST' ? undefined : last;
  }

  /** @throws AwsError `ResourceNotFoundException` */
  alias(name: string, alias: string): AliasRecord {
    const record = this.aliases.get(key(name, alias));
    if (record === undefined)
      throw new AwsError('ResourceNotFoundException', `Cannot find alias arn: ${this.arn(name, alias)}`, {
        status: 404,
        members: { Type: 'User' },
      });
    return record;
  }

  setAlias(alias: AliasRecord): void {
    this.aliases.set(key(alias.functionName, alias.name), alias);
  }

  aliasesOf(name: string): AliasRecord[] {
    const all = [...this.aliases.values()].filter((alias) => alias.functionName === name);
    return all.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /**
   * Resolves a reference to a version; an alias with weights chooses by `chance`, which is in [0, 1).
   *
   * @throws AwsError `ResourceNotFoundException`
   */
  resolve(reference: FunctionReference, chance: number): Target {
    const { name, qualifier } = reference;
    this.function(name);
    const invokedArn = this.arn(name, qualifier);
    if (qualifier === undefined || isVersion(qualifier))
      return { version: this.version(name, qualifier ?? '$LATEST'), invokedArn };
    const alias = this.aliases.get(key(name, qualifier));
    if (alias === undefined) throw this.notFound(name, qualifier);
    return { version: this.version(name, choose(alias, chance)), invokedArn };
  }

  /** Removes a function and everything that belongs to it, except its last version number. */
  removeFunction(name: string): void {
    this.functions.delete(name);
    for (const version of this.versionsOf(name)) this.versions.delete(key(name, version.version));
    for (const alias of this.aliasesOf(name)) this.aliases.delete(key(name, alias.name));
    for (const [id, config] of [...this.eventInvokeConfigs.entries()])
      if (config.functionName === name) this.eventInvokeConfigs.delete(id);
    for (const id of [...this.policies.entries()].map(([id]) => id))
      if (id === name || id.startsWith(`${name}:`)) this.policies.delete(id);
  }

  usesCode(digest: string): boolean {
    for (const version of this.versions.values()) if (version.code.digest === digest) return true;
    return false;
  }

  notFound(name: string, qualifier?: string): AwsError {
    return new AwsError('ResourceNotFoundException', `Function not found: ${this.arn(name, qualifier)}`, {
      status: 404,
      members: { Type: 'User' },
    });
  }
}

/** Key of the settings of a function under a qualifier. */
export const key = (name: string, qualifier: string) => `${name}:${qualifier}`;

const number = (version: string) => (version === '$LATEST' ? 0 : Number(version));

function choose(alias: AliasRecord, chance: number): string {
  let border = 0;
  for (const [version, weight] of Object.entries(alias.weights)) {
    border += weight;
    if (chance < border) return version;
  }
  return alias.functionVersion;
}
