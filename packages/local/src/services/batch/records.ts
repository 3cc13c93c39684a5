import type { Table } from '../../kernel/journal.js';
import type { EngineContext } from '../../kernel/service.js';
import { pageOf, sortedBy } from '../../wire/page.js';
import { type BatchResource, batchArn } from './arns.js';
import { clientException, pageOptions } from './operation.js';

/** Storage and naming of one kind of resource. */
interface Kind<R> {
  readonly resource: BatchResource;
  /** Table name in the journal. */
  readonly table: string;
  arnOf(record: R): string;
  /** Error message for a missing resource. */
  missing(nameOrArn: string): string;
}

/** The resources of one kind in the journal, by ARN. */
export class Records<R extends { readonly tags: Readonly<Record<string, string>> }> {
  readonly #context: EngineContext;
  readonly #kind: Kind<R>;
  readonly #records: Table<R>;

  constructor(context: EngineContext, kind: Kind<R>) {
    this.#context = context;
    this.#kind = kind;
    this.#records = context.journal.table(kind.table);
  }

  arn(nameOrArn: string): string {
    return nameOrArn.startsWith('arn:') ? nameOrArn : batchArn(this.#context, this.#kind.resource, nameOrArn);
  }

  find(nameOrArn: string): R | undefined {
    return this.#records.get(this.arn(nameOrArn));
  }

  /** @throws AwsError `ClientException` when it does not exist */
  get(nameOrArn: string): R {
    const record = this.find(nameOrArn);
    if (record === undefined) throw clientException(this.#kind.missing(nameOrArn));
    return record;
  }

  values(): IterableIterator<R> {
    return this.#records.values();
  }

  /** @throws AwsError `ClientException` when it already exists */
  add(record: R): void {
    if (this.#records.has(this.#kind.arnOf(record))) throw clientException('Object already exists');
    this.replace(record);
  }

  replace(record: R): void {
    this.#records.set(this.#kind.arnOf(record), record);
  }

  delete(record: R): void {
    this.#records.delete(this.#kind.arnOf(record));
  }

  /** A page of all records, or of those with the given names or ARNs. */
  page(
    request: { readonly maxResults?: number; readonly nextToken?: string },
    wanted?: readonly string[],
  ): { readonly items: readonly R[]; readonly nextToken: string | undefined } {
    const found = wanted?.map((name) => this.find(name)) ?? [...this.values()];
    const records = sortedBy(
      found.filter((record) => record !== undefined),
      this.#kind.arnOf,
    );
    return pageOf(records, this.#kind.arnOf, pageOptions(request));
  }
}
