import { parseCarriedValues, type ScatterResult, type ScatterSource, type StatePayload } from '@bclaw/spec/run-time';
import { parse } from 'csv-parse/sync';
import { createScatter } from '../../src/index.js';
import type { World } from '../world.js';

/** A scatter request with defaults for fields that a test does not need. */
export interface ScatterCall {
  readonly payload: StatePayload;
  readonly scatter: Readonly<Record<string, ScatterSource>>;
  readonly order?: readonly string[];
  readonly zip?: readonly string[];
  readonly step?: string;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly outputs?: Readonly<Record<string, string>>;
}

export function scatter(
  world: World,
  { payload, scatter: sources, step = 'Align', inputs = {}, outputs = {}, ...order }: ScatterCall,
): Promise<ScatterResult> {
  const handler = createScatter({ s3: world.s3, ...world.dependencies });
  return handler({ step, scatter: sources, inputs, outputs, payload, ...order });
}

/** A row of the items file. */
export interface Item {
  readonly index: string;
  readonly scatter: unknown;
}

/** Reads an items file with a CSV reader that bclaw did not write. */
export async function readItems(world: World, { items }: ScatterResult): Promise<readonly Item[]> {
  const rows: Record<string, string>[] = parse(await world.readText(items.bucket, items.key), { columns: true });
  return rows.map(({ index = '', scatter: json = '' }) => ({ index, scatter: inBranch(json) }));
}

/** The values of a row as a branch sees them, after Step Functions has parsed and serialised them. */
function inBranch(json: string): unknown {
  return parseCarriedValues(JSON.stringify(JSON.parse(json)), 'scatter');
}

/** The values of a scatter's branches, without their numbers. */
export async function scattered(world: World, call: ScatterCall): Promise<readonly unknown[]> {
  return (await readItems(world, await scatter(world, call))).map(({ scatter: values }) => values);
}
