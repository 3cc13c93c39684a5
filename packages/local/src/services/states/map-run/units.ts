import type { DistributedMap, ItemBatcher, MapState } from '../definition/model.js';
import { effectiveInput, type Scope, templateOf } from '../interpreter/data/data-flow.js';
import type { Json } from '../interpreter/data/json.js';
import { numberOf } from '../interpreter/data/numbers.js';
import { itemInput } from '../interpreter/run/run-map.js';

/** The work of one child execution. */
export interface Unit {
  /** The index of its first item. */
  readonly index: number;
  readonly items: number;
  readonly input: Json;
}

// "The maximum input size of a child execution" is the payload quota.
const mostBatchBytes = 262_144;

interface Limits {
  readonly items: number;
  readonly bytes: number;
  readonly batchInput: Json | undefined;
}

async function limitsOf(batcher: ItemBatcher, state: MapState, scope: Scope): Promise<Limits> {
  const { batchInput, maxItemsPerBatch, maxInputBytesPerBatch } = batcher;
  const data = effectiveInput(state.data, scope);
  return {
    items:
      maxItemsPerBatch === undefined ? Number.POSITIVE_INFINITY : await numberOf(maxItemsPerBatch, scope, { least: 1 }),
    bytes:
      maxInputBytesPerBatch === undefined ? mostBatchBytes : await numberOf(maxInputBytesPerBatch, scope, { least: 1 }),
    batchInput:
      batchInput === undefined
        ? undefined
        : await templateOf(batchInput, 'BatchInput', state.data.language, scope, data),
  };
}

async function* batches(units: AsyncIterable<Unit>, { items, bytes, batchInput }: Limits): AsyncGenerator<Unit> {
  const head = batchInput === undefined ? {} : { BatchInput: batchInput };
  const empty = Buffer.byteLength(JSON.stringify({ ...head, Items: [] }));
  let batch: Unit[] = [];
  let size = empty;
  const close = (first: Unit): Unit => ({
    index: first.index,
    items: batch.length,
    input: { ...head, Items: batch.map(({ input }) => input) },
  });
  for await (const unit of units) {
    const length = Buffer.byteLength(JSON.stringify(unit.input)) + 1;
    const [first] = batch;
    if (first !== undefined && (batch.length >= items || size + length > bytes)) {
      yield close(first);
      batch = [];
      size = empty;
    }
    batch.push(unit);
    size += length;
  }
  const [first] = batch;
  if (first !== undefined) yield close(first);
}

async function* single(
  state: MapState,
  scope: Scope,
  items: AsyncIterable<Json> | Iterable<Json>,
): AsyncGenerator<Unit> {
  let index = 0;
  for await (const item of items) {
    yield { index, items: 1, input: await itemInput(state, scope, index, item) };
    index += 1;
  }
}

/** The inputs of the child executions: each item passes through ItemSelector, then ItemBatcher groups the items. */
export async function* unitsOf(
  state: MapState,
  { batcher }: DistributedMap,
  scope: Scope,
  items: AsyncIterable<Json> | Iterable<Json>,
): AsyncGenerator<Unit> {
  const units = single(state, scope, items);
  if (batcher === undefined) yield* units;
  else yield* batches(units, await limitsOf(batcher, state, scope));
}
