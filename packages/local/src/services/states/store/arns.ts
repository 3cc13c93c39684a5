import type { EngineContext } from '../../../kernel/service.js';
import type { ExecutionRecord, MapRunRecord } from './records.js';

/** The resource that a Step Functions ARN identifies. */
export type Named =
  | { readonly kind: 'stateMachine'; readonly machine: string; readonly version: number | undefined }
  | { readonly kind: 'execution'; readonly machine: string; readonly name: string }
  | { readonly kind: 'mapRun'; readonly machine: string; readonly id: string };

const pattern = /^arn:[a-z-]+:states:[a-z0-9-]+:\d{12}:(stateMachine|execution|mapRun):([^:]+)(?::(.+))?$/;

/** Builds and parses the ARNs of one account and region. */
export class Arns {
  readonly #prefix: string;

  constructor({ partition, region, accountId }: EngineContext) {
    this.#prefix = `arn:${partition}:states:${region}:${accountId}`;
  }

  machine(name: string, version?: number): string {
    return `${this.#prefix}:stateMachine:${name}${version === undefined ? '' : `:${version}`}`;
  }

  execution({ machine, name }: Pick<ExecutionRecord, 'machine' | 'name'>): string {
    return `${this.#prefix}:execution:${machine}:${name}`;
  }

  mapRun({ machine, id }: Pick<MapRunRecord, 'machine' | 'id'>): string {
    return `${this.#prefix}:mapRun:${machine}:${id}`;
  }

  /** Returns undefined if the text is not a Step Functions ARN of this account and region. */
  parse(arn: string): Named | undefined {
    const [, kind, machine, rest] = arn.startsWith(`${this.#prefix}:`) ? (pattern.exec(arn) ?? []) : [];
    if (machine === undefined) return undefined;
    if (kind === 'stateMachine') {
      const version = rest === undefined || !/^\d+$/.test(rest) ? undefined : Number(rest);
      return { kind, machine, version };
    }
    if (rest === undefined) return undefined;
    return kind === 'execution' ? { kind, machine, name: rest } : { kind: 'mapRun', machine, id: rest };
  }
}
